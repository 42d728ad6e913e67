package io.kontor.app.cell;

import io.kontor.app.messaging.NewEventProcessors;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.sagas.endofday.EndOfDayPolicy;
import io.kontor.sagas.hold.HoldExpiryPolicy;
import io.kontor.sagas.standingorder.StandingOrderPolicy;
import java.time.Duration;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/** The database that all tenants without one of their own share. */
@Component
final class SharedDatabase {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final DataSource app;
  private final DataSource worker;
  private final ReadModelPositions readModels;

  SharedDatabase(
      @Qualifier("appDataSource") DataSource app,
      @Qualifier("workerDataSource") DataSource worker,
      ReadModelPositions readModels) {
    this.app = app;
    this.worker = worker;
    this.readModels = readModels;
  }

  /** Connections of the login that serves requests. */
  DataSource app() {
    return app;
  }

  /** Connections of the login of event processors and jobs. */
  DataSource worker() {
    return worker;
  }

  /**
   * Waits until read models and processes have reached a position.
   *
   * @throws IllegalStateException when they do not in time
   */
  void awaitAll(long position, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (String name : readModels.names()) {
      readModels.await(name, position, Duration.ofNanos(end - System.nanoTime()));
    }
    while (processes() < position) {
      if (System.nanoTime() - end >= 0) {
        throw new IllegalStateException("the processes have not reached the last event in time");
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  private long processes() {
    String[] names =
        Stream.concat(
                NewEventProcessors.NAMES.stream(),
                Stream.of(
                    HoldExpiryPolicy.PROCESSOR,
                    StandingOrderPolicy.PROCESSOR,
                    EndOfDayPolicy.PROCESSOR))
            .toArray(String[]::new);
    return JdbcClient.create(worker)
        .sql(
            """
            select coalesce(min(position), 0) from checkpoint
             where projection = any (:names)
            """)
        .param("names", new SqlArrayValue("text", (Object[]) names))
        .query(Long.class)
        .single();
  }
}
