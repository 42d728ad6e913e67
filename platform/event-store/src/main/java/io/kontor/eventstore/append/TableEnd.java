package io.kontor.eventstore.append;

import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.event.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The event table's end as a writer finds it.
 *
 * @param last the newest event
 * @param atAnchor the hash at the position of the writer's anchor; null when there is no event
 * @param time the recording time for events appended now, in microseconds since the epoch: the
 *     database's clock, but never before the newest event of all or of the tenants concerned
 */
public record TableEnd(HistoryAnchor last, @Nullable Sha256 atAnchor, long time) {}
