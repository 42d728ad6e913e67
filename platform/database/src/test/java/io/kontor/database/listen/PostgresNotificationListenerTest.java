package io.kontor.database.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class PostgresNotificationListenerTest {
  private static EmbeddedPostgres postgres;

  private final Diary diary = new Diary();
  private final PostgresNotificationListener listener =
      new PostgresNotificationListener(postgres.getPostgresDatabase(), "a_channel", diary);

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void listen() {
    listener.start();
    await().until(() -> diary.contains("begins"));
  }

  @AfterEach
  void stop() throws InterruptedException {
    listener.stop();
  }

  @Test
  void whatIsToldIsHeardInOrder() throws SQLException {
    run("select pg_notify('public_a_channel', 'first'), pg_notify('another', 'no')");
    run("select pg_notify('public_a_channel', 'second')");

    await().until(() -> diary.contains("second"));
    assertThat(diary.withoutSilence()).containsExactly("begins", "first", "second");
  }

  @Test
  void silenceIsToldWithAConnectionToLookWith() {
    await().until(() -> diary.contains("silence"));
  }

  @Test
  void aLostConnectionEndsItUntilAnotherBeginsAnew() throws SQLException {
    run(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
            + " and usename = current_user and query like 'listen %'");

    await().until(() -> diary.withoutSilence().equals(List.of("begins", "ends", "begins")));
    run("select pg_notify('public_a_channel', 'again')");
    await().until(() -> diary.contains("again"));
  }

  @Test
  void aHearerThatFailsOnSomethingBeginsAnewAndTheListenerGoesOn() throws SQLException {
    run("select pg_notify('public_a_channel', 'nonsense')");

    await().until(() -> diary.withoutSilence().equals(List.of("begins", "ends", "begins")));
    run("select pg_notify('public_a_channel', 'again')");
    await().until(() -> diary.contains("again"));
    assertThat(listener.sinceSignOfLife()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void whoStopsListeningIsToldSo() throws InterruptedException {
    listener.stop();

    assertThat(diary.withoutSilence()).containsExactly("begins", "ends");
  }

  private void run(String sql) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static final class Diary implements NotificationHandler {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void begins() {
      lines.add("begins");
    }

    @Override
    public void hears(List<String> payloads) {
      if (payloads.contains("nonsense")) {
        throw new IllegalArgumentException("not understood");
      }
      lines.addAll(payloads);
    }

    @Override
    public void hearsNothing(Connection connection) throws SQLException {
      assertThat(connection.getAutoCommit()).isTrue();
      lines.add("silence");
    }

    @Override
    public void ends() {
      lines.add("ends");
    }

    boolean contains(String line) {
      return lines.contains(line);
    }

    List<String> withoutSilence() {
      return lines.stream().filter(line -> !line.equals("silence")).toList();
    }
  }
}
