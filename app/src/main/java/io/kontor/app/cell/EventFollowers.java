package io.kontor.app.cell;

import io.kontor.app.messaging.NewEventProcessors;
import io.kontor.projection.live.ReadModelBehindException;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.sagas.endofday.EndOfDayPolicy;
import io.kontor.sagas.hold.HoldExpiryPolicy;
import io.kontor.sagas.standingorder.StandingOrderPolicy;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/** Waits for the read models and the processes that follow a store. */
final class EventFollowers {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final String[] PROCESSES =
      Stream.concat(
              NewEventProcessors.NAMES.stream(),
              Stream.of(
                  HoldExpiryPolicy.PROCESSOR,
                  StandingOrderPolicy.PROCESSOR,
                  EndOfDayPolicy.PROCESSOR))
          .toArray(String[]::new);

  private final ReadModelPositions readModels;
  private final DataSource worker;

  EventFollowers(ReadModelPositions readModels, DataSource worker) {
    this.readModels = readModels;
    this.worker = worker;
  }

  /**
   * Waits until all have reached a position.
   *
   * @param waiting receives what is behind, again and again
   * @throws IllegalStateException when they do not in time
   */
  void awaitAll(long position, Duration limit, Consumer<String> waiting)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    awaitReadModels(position, limit, waiting);
    while (processes() < position) {
      if (System.nanoTime() - end >= 0) {
        throw new IllegalStateException("the processes have not reached the last event in time");
      }
      Thread.sleep(LOOK_AGAIN);
      waiting.accept("processes are behind");
    }
  }

  /**
   * Waits until the read models have reached a position.
   *
   * @param waiting receives what is behind, again and again
   * @throws ReadModelBehindException when they do not in time
   */
  void awaitReadModels(long position, Duration limit, Consumer<String> waiting)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (String name : readModels.names()) {
      boolean isThere = false;
      while (!isThere) {
        try {
          readModels.await(name, position, Duration.ofSeconds(1));
          isThere = true;
        } catch (ReadModelBehindException behind) {
          if (System.nanoTime() - end >= 0) {
            throw behind;
          }
          Thread.sleep(LOOK_AGAIN);
          waiting.accept("read models: " + behind.getMessage());
        }
      }
    }
  }

  private long processes() {
    return JdbcClient.create(worker)
        .sql(
            """
            select coalesce(min(position), 0) from checkpoint
             where projection = any (:names)
            """)
        .param("names", new SqlArrayValue("text", (Object[]) PROCESSES))
        .query(Long.class)
        .single();
  }
}
