package io.kontor.eventstore;

import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
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

  /** Locked, so that an import either comes before or finds the token that is stored then. */
  private long position() {
    return worker
        .sql("select coalesce(position, 0) from kontor.process_start for share")
        .query(Long.class)
        .single();
  }

  /**
   * Decides for a database that is new beside a store that is not: processes begin after what the
   * store holds. Whoever asks first decides, the others find it decided.
   *
   * @param head the store's last position
   */
  void decide(long head) {
    worker
        .sql("update kontor.process_start set position = :head where position is null")
        .param("head", head)
        .update();
  }
}
