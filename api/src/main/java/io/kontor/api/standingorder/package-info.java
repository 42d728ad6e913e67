/** Standing orders: their schedule, commands, events, results and queries. */
@NullMarked
package io.kontor.api.standingorder;

import org.jspecify.annotations.NullMarked;
