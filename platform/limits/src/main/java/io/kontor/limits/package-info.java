/**
 * How many requests a caller may make in a minute: by user, by tenant, and by address without a
 * token. It counts in the memory of its process, or in Redis together with others, and contains no
 * banking code.
 */
@NullMarked
package io.kontor.limits;

import org.jspecify.annotations.NullMarked;
