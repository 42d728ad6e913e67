package io.kontor.app.cell;

import io.kontor.app.messaging.NewEventProcessors;
import io.kontor.eventstore.archive.ChainedEventWriter;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.read.EventReader;
import io.kontor.job.queue.PermanentJobException;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Copies a tenant's events into another database, with their hashes and in their order; the
 * positions are new. Continues where an earlier attempt has ended.
 */
final class TenantEvents {
  private static final int BATCH = 2_000;

  /** Where others wait for the writer lock. */
  private static final int BATCH_BESIDE_OTHERS = 500;

  private final TenantId tenant;
  private final EventReader source;
  private final DataSource target;
  private final boolean isBesideOthers;
  private final EventReader copies;

  TenantEvents(TenantId tenant, Placement source, Placement target) {
    this.tenant = tenant;
    this.source = new EventReader(source.worker());
    this.target = target.worker();
    this.isBesideOthers = !target.isolation().isCell();
    this.copies = new EventReader(target.worker());
  }

  /** The last position at the source. */
  long head() {
    return source.head();
  }

  /** The number of the tenant's events at the source up to a position that are not copied yet. */
  long remaining(long upTo) {
    return source.count(tenant, copied(), upTo);
  }

  /**
   * Copies the events up to a position of the source at which a unit of work ends.
   *
   * @param reached receives how many were copied, again and again
   * @throws PermanentJobException when the target has other events of the tenant
   */
  void copy(long upTo, LongConsumer reached) throws SQLException {
    long after = copied();
    int atOnce = isBesideOthers ? BATCH_BESIDE_OTHERS : BATCH;
    try (var writer = writer()) {
      var batch = new ArrayList<StoredEvent>();
      long done = 0;
      List<StoredEvent> page = source.page(tenant, after, upTo);
      while (!page.isEmpty()) {
        for (StoredEvent event : page) {
          batch.add(event);
          if (event.unitRest() == 0 && batch.size() >= atOnce) {
            writer.append(batch);
            done += batch.size();
            batch.clear();
            reached.accept(done);
          }
        }
        page = source.page(tenant, page.getLast().position(), upTo);
      }
      if (!batch.isEmpty()) {
        writer.append(batch);
        reached.accept(done + batch.size());
      }
    }
  }

  private ChainedEventWriter writer() throws SQLException {
    return isBesideOthers
        ? ChainedEventWriter.besideOthers(target)
        : new ChainedEventWriter(target, NewEventProcessors.NAMES);
  }

  /** The last position at the target. */
  long copiedEnd() {
    return copies.head();
  }

  /** The hash of the tenant's last event at the source; empty when there is none. */
  Optional<Sha256> sourceHead() {
    return head(source);
  }

  /** The hash of the tenant's last copied event; empty when there is none. */
  Optional<Sha256> copiedHead() {
    return head(copies);
  }

  /** The position of the last copied event at the source; 0 when there is none. */
  private long copied() {
    Optional<Last> last =
        JdbcClient.create(target)
            .sql(
                """
                select stream_id, sequence, hash from event where tenant_id = ?
                 order by tenant_id desc, position desc limit 1
                """)
            .param(tenant.value())
            .query(
                (row, number) ->
                    new Last(
                        row.getObject("stream_id", UUID.class),
                        row.getLong("sequence"),
                        Sha256.stored(row.getBytes("hash"))))
            .optional();
    return last.map(this::positionOf).orElse(0L);
  }

  private long positionOf(Last last) {
    long position =
        source.positionOf(new StreamId(tenant, last.stream()), last.sequence()).orElse(0);
    boolean isCopy =
        position > 0
            && source.anchorAt(position).filter(at -> at.hash().equals(last.hash())).isPresent();
    if (!isCopy) {
      throw new PermanentJobException("the database has other events of the tenant");
    }
    return position;
  }

  private Optional<Sha256> head(EventReader events) {
    return Optional.ofNullable(events.heads(tenant, Long.MAX_VALUE).get(tenant.value()));
  }

  private record Last(UUID stream, long sequence, Sha256 hash) {}
}
