/** Which role opens which call, and where keys and secrets come from. */
@NullMarked
package io.kontor.app.security;

import org.jspecify.annotations.NullMarked;
