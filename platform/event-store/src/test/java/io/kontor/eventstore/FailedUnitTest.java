package io.kontor.eventstore;

import static io.kontor.eventstore.CounterNode.newStream;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Get;
import io.kontor.eventstore.Counter.Move;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.Counter.Total;
import io.kontor.eventstore.idempotency.DuplicateRequestException;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandResultMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** A failure affects only what builds on it, and does not hide pending appends. */
class FailedUnitTest {
  private static final long WRITER_LOCK = 0x6b6f6e746f72L;
  private static final long HELD_UP = 4711;

  /** Inserts into the stream wait while the advisory lock is held. */
  private static final String HOLD_UP =
      """
      create function kontor.hold_up() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(%d); return new; end $$;
      grant execute on function kontor.hold_up() to kontor_worker;
      create trigger hold_up before insert on kontor.event
        for each row when (new.stream_id = '%s' and new.sequence > 0)
        execute function kontor.hold_up();
      """;

  private TestDatabase database;
  private CounterNode node;
  private JdbcTemplate owner;

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    node = new CounterNode(database.app(), database.worker());
    owner = new JdbcTemplate(database.owner());
  }

  @AfterEach
  void stop() {
    node.close();
    database.close();
  }

  @Test
  void aStreamIsNotReadWithoutWhatIsStillUnderWay() throws Exception {
    String one = newStream();
    String other = newStream();
    node.send(new Start(one));
    node.send(new Start(other));
    owner.execute(HOLD_UP.formatted(HELD_UP, other.substring(other.indexOf('/') + 1)));
    new JdbcTemplate(database.worker())
        .update("insert into kontor.idempotency values ('acme', 'used', 'f', '{}', 1)");

    try (Connection writing = locked(WRITER_LOCK);
        Connection inserting = locked(HELD_UP)) {
      var failing =
          sent(
              () ->
                  node.result(
                      new Add(one, 1),
                      Map.of(
                          IdempotencyRecords.IDEMPOTENCY_KEY,
                          "used",
                          IdempotencyRecords.REQUEST_FINGERPRINT,
                          "f")));
      await().until(() -> aWriterWaits());
      var deposit = sent(() -> node.result(new Add(other, 100), Map.of()));
      await().until(() -> node.queue.size() == 1);
      var move = new CompletableFuture<CommandResultMessage<?>>();
      Thread mover =
          Thread.ofPlatform()
              .start(() -> move.complete(node.result(new Move(other, one, 50), Map.of())));
      await().until(() -> node.queue.size() == 2);

      writing.rollback();
      assertThat(failing.get(30, SECONDS).exceptionResult())
          .isInstanceOf(DuplicateRequestException.class);
      await().until(() -> node.queue.size() == 1 || waitsForQueued(mover));
      inserting.rollback();

      assertThat(deposit.get(30, SECONDS).isExceptional()).isFalse();
      assertThat(move.get(30, SECONDS).optionalExceptionResult()).isEmpty();
      assertThat(move.get().getPayload()).isEqualTo(new Total(50, 1));
      assertThat(node.send(new Get(other))).isEqualTo(new Total(50, 2));
    }
  }

  private boolean aWriterWaits() {
    return owner.queryForObject(
            "select count(*) from pg_locks where locktype = 'advisory' and not granted", Long.class)
        == 1;
  }

  private static boolean waitsForQueued(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("awaitQueued"));
  }

  private static CompletableFuture<CommandResultMessage<?>> sent(
      Supplier<CommandResultMessage<?>> command) {
    return CompletableFuture.supplyAsync(command, task -> Thread.ofPlatform().start(task));
  }

  private Connection locked(long key) throws SQLException {
    Connection connection = database.worker().getConnection();
    connection.setAutoCommit(false);
    try (var lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
      lock.setLong(1, key);
      lock.execute();
    }
    return connection;
  }
}
