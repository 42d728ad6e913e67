package io.kontor.eventstore.subscription;

import io.kontor.eventstore.event.StoreBinding;
import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Where a process without a token starts: after imported events, whose side effects happened in the
 * store they come from. Not for read models, which need all events.
 */
public final class ProcessStart {
  private final JdbcClient worker;

  public ProcessStart(DataSource worker) {
    this.worker = JdbcClient.create(worker);
  }

  /** The initial token, requested by Axon within the transaction that stores it. */
  public Function<StreamableMessageSource<TrackedEventMessage<?>>, TrackingToken> token() {
    return events -> {
      long position = position();
      return position == 0 ? events.createTailToken() : new GlobalSequenceTrackingToken(position);
    };
  }

  /**
   * Takes a lock, so that an import either comes first or sees the new token.
   *
   * @throws EventStoreException when the start is undecided; the processor retries
   */
  private long position() {
    Long position =
        worker
            .sql(
                """
                select coalesce(position,
                    case when exists (select from event_home
                                       where not starts_with(home, :postgres))
                         then -1 else 0 end)
                  from process_start for share of process_start
                """)
            .param("postgres", StoreBinding.POSTGRES.name())
            .query(Long.class)
            .single();
    if (position < 0) {
      throw new EventStoreException("it is not decided yet where processes begin");
    }
    return position;
  }

  /**
   * Sets the start position where events are kept outside this database, which may be new while the
   * store is not: processes start after the events that the store had. Only the first call has an
   * effect.
   *
   * @param head the store's last position before the node started
   */
  public void decide(long head) {
    worker
        .sql("update process_start set position = :head where position is null")
        .param("head", head)
        .update();
  }
}
