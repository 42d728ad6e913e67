/** The registered tenants. */
@NullMarked
package io.kontor.tenancy.registry;

import org.jspecify.annotations.NullMarked;
