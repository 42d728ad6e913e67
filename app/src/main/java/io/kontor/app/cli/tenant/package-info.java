/** The tools for tenants. */
@NullMarked
package io.kontor.app.cli.tenant;

import org.jspecify.annotations.NullMarked;
