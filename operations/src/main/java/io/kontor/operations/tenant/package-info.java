/** Registration of tenants. */
@NullMarked
package io.kontor.operations.tenant;

import org.jspecify.annotations.NullMarked;
