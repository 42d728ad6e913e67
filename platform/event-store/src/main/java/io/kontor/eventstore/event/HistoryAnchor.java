package io.kontor.eventstore.event;

import io.kontor.eventstore.chain.EventChain;

/**
 * An event by its place and its identity. A position alone says nothing after a database has gone
 * back in time: the same positions are then given to other events.
 *
 * @param hash the event's link in its tenant's chain, see {@link EventChain}
 */
public record HistoryAnchor(long position, Sha256 hash) {
  /** Before the first event; every history has it. */
  public static final HistoryAnchor START = new HistoryAnchor(0, EventChain.START);
}
