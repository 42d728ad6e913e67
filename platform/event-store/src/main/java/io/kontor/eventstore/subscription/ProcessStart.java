package io.kontor.eventstore.subscription;

import io.kontor.eventstore.StoreBinding;
import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Where a process begins that has made no progress yet: after imported history, since what that
 * asks for was done where it happened. Not for read models, which are made from all of it.
 */
public final class ProcessStart {
  private final JdbcClient worker;

  public ProcessStart(DataSource worker) {
    this.worker = JdbcClient.create(worker);
  }

  /** The initial token, as Axon asks for it within the transaction that stores it. */
  public Function<StreamableMessageSource<TrackedEventMessage<?>>, TrackingToken> token() {
    return events -> {
      long position = position();
      return position == 0 ? events.createTailToken() : new GlobalSequenceTrackingToken(position);
    };
  }

  /**
   * Locked, so that an import either comes before or finds the token that is stored then.
   *
   * @throws EventStoreException when it is yet to be decided; a processor asks again
   */
  private long position() {
    Long position =
        worker
            .sql(
                """
                select coalesce(position,
                    case when exists (select from kontor.event_home where home <> :postgres)
                         then -1 else 0 end)
                  from kontor.process_start for share of process_start
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
   * Decides where events are kept outside this database, which may be new beside a store that is
   * not: processes begin after what the store held before. The first node that asks decides.
   *
   * @param head the store's last position before the node served
   */
  public void decide(long head) {
    worker
        .sql("update kontor.process_start set position = :head where position is null")
        .param("head", head)
        .update();
  }
}
