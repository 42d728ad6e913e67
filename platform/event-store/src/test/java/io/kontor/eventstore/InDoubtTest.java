package io.kontor.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.eventstore.append.CommitQueue;
import io.kontor.eventstore.append.GroupCommit;
import io.kontor.eventstore.append.QueuedAppend;
import io.kontor.eventstore.append.QueuedAppend.EventRow;
import io.kontor.eventstore.append.QueuedAppend.StreamVersion;
import io.kontor.eventstore.append.StopOnRewind;
import io.kontor.eventstore.append.StreamLocks;
import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.WriterStatus;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.subscription.EventFeed;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.StreamId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SimpleSerializedType;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * The connection is lost after a commit and before its confirmation: it is unknown what is stored.
 */
class InDoubtTest {
  private static final StreamId WRITTEN = new StreamId(CounterNode.ACME, UUID.randomUUID());
  private static final StreamId READ = new StreamId(CounterNode.ACME, UUID.randomUUID());

  @Test
  void whatWasDecidedOnAStateThatAnotherNodeMovedPastMeanwhileIsDecidedAnew() throws Exception {
    try (var database = TestDatabase.create()) {
      var elsewhere = new JdbcTemplate(database.worker());
      store(elsewhere, 1, 0);
      var queue = new CommitQueue(new StreamLocks(), 10, 1_000);
      QueuedAppend write = unit(List.of(row()), WRITTEN.toString(), List.of());
      QueuedAppend current = unit(List.of(), "other", List.of(new StreamVersion(WRITTEN, 0)));
      QueuedAppend stale = unit(List.of(), READ.toString(), List.of(new StreamVersion(READ, 0)));
      List.of(write, current, stale).forEach(queue::add);
      var lostOnce = new LosingConfirmations(database.worker(), () -> store(elsewhere, 3, 1));
      var feed = new EventFeed(1_000);
      var status = new WriterStatus();
      var guard = new RewindGuard(new StopOnRewind(queue, feed, status));
      var writer =
          new GroupCommit(
              queue,
              lostOnce,
              feed,
              guard,
              Duration.ofSeconds(10),
              status,
              CounterNode.breaker(lostOnce));
      writer.start();
      try {
        assertThat(write.durable().get(20, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(current.durable().get(20, TimeUnit.SECONDS)).isEqualTo(2);
        assertThatThrownBy(() -> stale.durable().get(20, TimeUnit.SECONDS))
            .hasCauseInstanceOf(ConcurrencyException.class);
        assertThat(elsewhere.queryForObject("select count(*) from kontor.event", Long.class))
            .isEqualTo(3);
      } finally {
        writer.stop();
      }
    }
  }

  private static QueuedAppend unit(List<EventRow> rows, String touched, List<StreamVersion> read) {
    return new QueuedAppend(
        rows, List.of(), Set.of(touched), read, Map.of(), null, 10, new CompletableFuture<>());
  }

  private static EventRow row() {
    return EventRow.of(
        WRITTEN,
        0,
        "Counter",
        UUID.randomUUID().toString(),
        new SimpleSerializedType("started", null),
        0,
        "{}",
        "{}");
  }

  /** Appends as another node. */
  private static void store(JdbcTemplate sql, long position, long sequence) {
    sql.update(
        """
        insert into kontor.event (position, tenant_id, stream_id, sequence, stream_type, event_id,
            type, recorded_at, unit_rest, payload, metadata, hash)
        values (?, 'acme', ?, ?, 'Counter', gen_random_uuid(), 'added', now(), 0, '{}', '{}', ?)
        """,
        position,
        READ.uuid(),
        sequence,
        EventChain.START.bytes());
  }

  /** The first commit with an event succeeds but is reported as a lost connection. */
  private static final class LosingConfirmations extends AbstractDataSource {
    private final DataSource real;
    private final Runnable meanwhile;
    private final AtomicBoolean inserted = new AtomicBoolean();
    private final AtomicBoolean lost = new AtomicBoolean();

    LosingConfirmations(DataSource real, Runnable meanwhile) {
      this.real = real;
      this.meanwhile = meanwhile;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = real.getConnection();
      return (Connection)
          Proxy.newProxyInstance(
              InDoubtTest.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                try {
                  Object result = method.invoke(connection, arguments);
                  if (method.getName().equals("prepareStatement")
                      && ((String) arguments[0]).startsWith("insert into event")) {
                    inserted.set(true);
                  }
                  if (method.getName().equals("commit")
                      && inserted.get()
                      && lost.compareAndSet(false, true)) {
                    meanwhile.run();
                    throw new SQLException("no confirmation", "08006");
                  }
                  return result;
                } catch (InvocationTargetException failed) {
                  throw failed.getCause();
                }
              });
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }
  }
}
