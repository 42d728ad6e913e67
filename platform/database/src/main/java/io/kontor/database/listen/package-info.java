/** Receives PostgreSQL notifications from other processes. */
@NullMarked
package io.kontor.database.listen;

import org.jspecify.annotations.NullMarked;
