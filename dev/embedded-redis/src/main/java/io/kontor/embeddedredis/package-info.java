/** Real Redis servers as processes of this machine, for development and tests only. */
@NullMarked
package io.kontor.embeddedredis;

import org.jspecify.annotations.NullMarked;
