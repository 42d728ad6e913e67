package io.kontor.database.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.schema.DatabaseSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class PostgresNotificationListenerTest {
  private static final String CHANNEL = "a_channel";
  private static final DatabaseSchema CELL = DatabaseSchema.ofCell("initech");
  private static EmbeddedPostgres postgres;

  private final Diary diary = new Diary();
  private final PostgresNotificationListener listener =
      new PostgresNotificationListener(postgres.getPostgresDatabase());
  private final NotificationSubscription subscription =
      listener.subscribe(DatabaseSchema.SHARED, CHANNEL, diary);

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
    run("select pg_notify('kontor_a_channel', 'first'), pg_notify('another', 'no')");
    run("select pg_notify('kontor_a_channel', 'second')");

    await().until(() -> diary.contains("second"));
    assertThat(diary.withoutSilence()).containsExactly("begins", "first", "second");
  }

  @Test
  void silenceIsToldToWhoHearsNothing() {
    await().until(() -> diary.contains("silence"));
  }

  @Test
  void eachSchemaHasItsChannelsAndAllAreHeardOnOneConnection() throws SQLException {
    var cell = new Diary();
    listener.subscribe(CELL, CHANNEL, cell);
    await().until(() -> cell.contains("begins"));

    run("select pg_notify('kontor-initech_a_channel', 'the cell''s')");
    run("select pg_notify('kontor_a_channel', 'the bank''s')");

    await().until(() -> diary.contains("the bank's") && cell.contains("the cell's"));
    assertThat(diary.withoutSilence()).containsExactly("begins", "the bank's");
    assertThat(cell.withoutSilence()).containsExactly("begins", "the cell's");
    await().until(() -> listening().size() == 1);
  }

  @Test
  void whoWaitsHoldsUpNoOther() throws Exception {
    var answer = new CountDownLatch(1);
    var slow = new Diary();
    slow.waitsFor = answer;
    try (var _ = listener.subscribe(CELL, CHANNEL, slow)) {
      run("select pg_notify('kontor-initech_a_channel', 'wait')");
      run("select pg_notify('kontor_a_channel', 'go on')");

      await().until(() -> diary.contains("go on"));
      answer.countDown();
    }
  }

  @Test
  void aLostConnectionEndsItUntilAnotherBeginsAnew() throws SQLException {
    for (int pid : listening()) {
      run("select pg_terminate_backend(%d)".formatted(pid));
    }

    await().until(() -> diary.withoutSilence().equals(List.of("begins", "ends", "begins")));
    run("select pg_notify('kontor_a_channel', 'again')");
    await().until(() -> diary.contains("again"));
  }

  @Test
  void aHandlerThatFailsOnSomethingBeginsAnewAndOthersDoNotNotice() throws SQLException {
    var other = new Diary();
    listener.subscribe(CELL, CHANNEL, other);
    await().until(() -> other.contains("begins"));

    run("select pg_notify('kontor_a_channel', 'nonsense')");

    await().until(() -> diary.withoutSilence().equals(List.of("begins", "ends", "begins")));
    run("select pg_notify('kontor_a_channel', 'again')");
    await().until(() -> diary.contains("again"));
    assertThat(other.withoutSilence()).containsExactly("begins");
    assertThat(listener.sinceSignOfLife()).isLessThan(Duration.ofMinutes(1));
    assertThat(subscription.sinceSignOfLife()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void moreThanCanWaitIsLostAndBeginsAnew() throws Exception {
    var free = new CountDownLatch(1);
    var slow = new Diary();
    slow.waitsFor = free;
    listener.subscribe(CELL, CHANNEL, slow);
    await().until(() -> slow.contains("begins"));
    run("select pg_notify('kontor-initech_a_channel', 'first')");
    await().until(() -> slow.contains("first"));

    run("select pg_notify('kontor-initech_a_channel', n::text) from generate_series(1, 10001) n");
    run("select pg_notify('kontor_a_channel', 'all are told')");
    await().until(() -> diary.contains("all are told"));
    free.countDown();

    await().until(() -> slow.withoutSilence().equals(List.of("begins", "first", "ends", "begins")));
  }

  @Test
  void whoEndsTheSubscriptionHearsNoMore() throws Exception {
    subscription.close();

    assertThat(diary.withoutSilence()).containsExactly("begins", "ends");
    run("select pg_notify('kontor_a_channel', 'too late')");
    var other = new Diary();
    listener.subscribe(CELL, CHANNEL, other);
    await().until(() -> other.contains("begins"));
    assertThat(diary.withoutSilence()).containsExactly("begins", "ends");
  }

  @Test
  void whoStopsListeningIsToldSo() throws InterruptedException {
    listener.stop();

    assertThat(diary.withoutSilence()).containsExactly("begins", "ends");
  }

  private static void run(String sql) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The other connections: the listener's, and for a moment those that are being closed. */
  private static List<Integer> listening() throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select pid from pg_stat_activity where pid <> pg_backend_pid()"
                    + " and usename = current_user and backend_type = 'client backend'")) {
      List<Integer> pids = new ArrayList<>();
      while (rows.next()) {
        pids.add(rows.getInt(1));
      }
      return pids;
    }
  }

  private static final class Diary implements NotificationHandler {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    volatile CountDownLatch waitsFor = new CountDownLatch(0);

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
      try {
        waitsFor.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void hearsNothing() {
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
