/** Authorization of calls by role, and the source of keys and secrets. */
@NullMarked
package io.kontor.app.security;

import org.jspecify.annotations.NullMarked;
