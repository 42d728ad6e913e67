package io.kontor.eventstore.append;

import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.event.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The event table's end as a writer finds it.
 *
 * @param last the newest event
 * @param atAnchor the hash at the position that the writer asked about; null when nothing is there
 * @param time when events appended now are recorded, in microseconds since the epoch: the
 *     database's clock, but never before the newest event of all or of the tenants concerned
 */
public record TableEnd(HistoryAnchor last, @Nullable Sha256 atAnchor, long time) {}
