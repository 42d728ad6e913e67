package io.kontor.projection.deadletter;

import static io.kontor.projection.tables.Tables.DEAD_LETTER;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.projection.BackgroundThread;
import io.kontor.projection.Projection;
import io.kontor.projection.write.ProjectionCheckpoint;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projection.write.ProjectionDeadLetters;
import io.kontor.projection.write.Projector;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.Record3;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out requested retries and discards of dead letters, on its own thread. */
public final class DeadLetterRequests {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterRequests.class);
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
  private static final int BATCH_SIZE = 100;

  private final Map<String, DeadLetterRetry> retries = new HashMap<>();
  private final DSLContext sql;
  private final BackgroundThread thread = new BackgroundThread("dead-letters", this::run);

  /**
   * @param events the event table, which has the waiting events
   */
  public DeadLetterRequests(
      List<? extends Projection<?>> projections,
      ProjectionDatabase worker,
      EventPageReader events) {
    this.sql = worker.sql();
    for (Projection<?> projection : projections) {
      ProjectionDeadLetters deadLetters = worker.deadLetters(projection.name());
      retries.put(
          projection.name(),
          new DeadLetterRetry(
              deadLetters,
              new ProjectionCheckpoint(projection.name(), sql),
              new Projector<>(projection, sql, deadLetters, List.of(), changes -> {}),
              events,
              worker.transactions()));
    }
  }

  /**
   * Carries out the pending requests.
   *
   * @return whether there were requests and all succeeded
   */
  public boolean work() {
    List<Record3<String, String, String>> requests =
        sql.select(
                DEAD_LETTER.PROCESSING_GROUP,
                DEAD_LETTER.SEQUENCE_IDENTIFIER,
                DEAD_LETTER.REQUESTED)
            .from(DEAD_LETTER)
            .where(DEAD_LETTER.REQUESTED.isNotNull())
            .and(DEAD_LETTER.PROCESSING_GROUP.in(retries.keySet()))
            .orderBy(DEAD_LETTER.REQUESTED_AT)
            .limit(BATCH_SIZE)
            .fetch();
    int done = 0;
    for (var request : requests) {
      done += handle(request.value1(), request.value2(), request.value3()) ? 1 : 0;
    }
    return done > 0 && done == requests.size();
  }

  private boolean handle(String projection, String stream, String requested) {
    DeadLetterRetry retry = Objects.requireNonNull(retries.get(projection));
    try {
      if (requested.equals(DeadLetterService.DISCARD)) {
        retry.discard(stream);
      } else {
        retry.retry(stream);
      }
      return true;
    } catch (RuntimeException e) {
      log.warn(
          "dead letter retry failed, to be repeated: projection={} stream={} cause={}",
          projection,
          stream,
          e.toString());
      return false;
    }
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** Stops the thread and waits some seconds for it. */
  public void stop() {
    thread.stop();
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        if (!work()) {
          Thread.sleep(POLL_INTERVAL);
        }
      } catch (InterruptedException stopping) {
        return;
      } catch (RuntimeException e) {
        log.warn("dead letter look-up failed cause={}", e.toString());
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_INTERVAL);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
