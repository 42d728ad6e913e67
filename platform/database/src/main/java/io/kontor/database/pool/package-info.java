/** The pools of connections that serve requests, with limits for what waits and for each tenant. */
@NullMarked
package io.kontor.database.pool;

import org.jspecify.annotations.NullMarked;
