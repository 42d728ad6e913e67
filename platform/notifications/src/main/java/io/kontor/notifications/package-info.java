/** Hearing what other processes tell through PostgreSQL. */
@NullMarked
package io.kontor.notifications;

import org.jspecify.annotations.NullMarked;
