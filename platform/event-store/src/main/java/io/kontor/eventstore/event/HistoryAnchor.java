package io.kontor.eventstore.event;

/**
 * An event by position and hash. A position alone is not enough: after a database has been rewound,
 * other events get the same positions.
 *
 * @param hash the event's hash in its tenant's chain, see {@link EventChain}
 */
public record HistoryAnchor(long position, Sha256 hash) {
  /** Before the first event; part of every history. */
  public static final HistoryAnchor START = new HistoryAnchor(0, EventChain.START);
}
