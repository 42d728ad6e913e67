package io.kontor.eventstore.subscription;

import static org.awaitility.Awaitility.await;

import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.eventstore.append.CommitQueue;
import io.kontor.eventstore.append.StopOnRewind;
import io.kontor.eventstore.append.StreamLocks;
import io.kontor.eventstore.event.WriterStatus;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.postgres.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AppendNotificationHandlerTest {

  /** Any login can notify on any channel. */
  @Test
  void aNotificationThatIsNoPositionIsIgnored() throws Exception {
    var feed = new EventFeed(1_000);
    var guard =
        new RewindGuard(
            new StopOnRewind(
                new CommitQueue(new StreamLocks(), 10, 1_000), feed, new WriterStatus()));
    try (var database = TestDatabase.create();
        var connection = database.app().getConnection();
        var notify = connection.createStatement()) {
      var listener = new PostgresNotificationListener(database.worker());
      AppendNotificationHandler.subscribe(
          listener, DatabaseSchema.SHARED, feed, guard, database.worker(), database.worker());
      listener.start();
      notify.execute("notify kontor_events, 'x'");
      notify.execute("notify kontor_events");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                notify.execute("notify kontor_events, '7'");
                return feed.head() == 7;
              });
      listener.stop();
    }
  }
}
