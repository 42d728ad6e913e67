/**
 * The command line's checks: the store's invariants, the read models against the events, a balance
 * from events alone.
 */
@NullMarked
package io.kontor.app.cli.verify;

import org.jspecify.annotations.NullMarked;
