/** The bank day of a tenant, and the interest and fees of its accounts. */
@NullMarked
package io.kontor.api.endofday;

import org.jspecify.annotations.NullMarked;
