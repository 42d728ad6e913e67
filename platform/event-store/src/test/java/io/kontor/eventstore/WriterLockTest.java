package io.kontor.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.eventstore.append.EventAppender;
import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.postgres.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WriterLockTest {

  @Test
  @Timeout(20)
  void aWriterThatStandsStillLosesTheWriterLock() throws Exception {
    try (var database = TestDatabase.create();
        var gone = new EventAppender(database.worker().getConnection());
        var next = new EventAppender(database.worker().getConnection())) {
      gone.takeWriterLock(List.of(), HistoryAnchor.START);
      assertThat(next.takeWriterLock(List.of(), HistoryAnchor.START).last())
          .isEqualTo(HistoryAnchor.START);
      next.commit();
      assertThatThrownBy(gone::commit).isInstanceOf(SQLException.class);
    }
  }
}
