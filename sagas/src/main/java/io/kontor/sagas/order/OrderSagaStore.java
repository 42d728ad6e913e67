package io.kontor.sagas.order;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.kontor.api.order.OrderId;
import io.kontor.sagas.order.OrderSagaChange.Ended;
import io.kontor.sagas.order.OrderSagaChange.Kept;
import io.kontor.sagas.order.OrderSagaChange.Parked;
import io.kontor.tenancy.TenantId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.RowMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores order sagas in PostgreSQL, many rows a statement, with columns that operators query. No
 * row is locked while its saga acts: a version tells a writer that another one was faster.
 */
final class OrderSagaStore {
  private static final String KEYS = " unnest(?::text[], ?::uuid[]) k (tenant, id) ";
  private static final String KEY =
      " s.tenant_id = k.tenant and s.saga_id = k.id and s.saga_type = '%s' "
          .formatted(OrderSaga.PROCESSOR);

  private static final String LOAD =
      """
      select s.tenant_id, s.saga_id, s.version, s.revision, s.payload::text, s.wake_at,
             s.parked::text
        from"""
          + KEYS
          + "join saga s on"
          + KEY;

  /** In the order of the key, so that two writers never wait for each other in a circle. */
  private static final String LOCK =
      "select s.tenant_id, s.saga_id, s.version from saga s join"
          + KEYS
          + "on"
          + KEY
          + "order by s.tenant_id, s.saga_id for update of s";

  private static final String COLUMNS =
      """
      unnest(?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
             ?::int[], ?::text[], ?::text[], ?::text[])
        k (tenant, id, revision, payload, state, step, waiting_for, since, attempts, deadline,
           last_error, wake_at)
      """;

  private static final String INSERT =
      """
      insert into saga
        (tenant_id, saga_type, saga_id, revision, payload, state, step, waiting_for, since, attempts,
         deadline, last_error, wake_at)
      select tenant, '%s', id, revision, payload::jsonb, state, step, waiting_for,
             since::timestamptz, attempts, deadline::timestamptz, last_error, wake_at::timestamptz
        from"""
              .formatted(OrderSaga.PROCESSOR)
          + " "
          + COLUMNS
          + "on conflict do nothing returning tenant_id, saga_id, version";

  private static final String UPDATE =
      """
      update saga s
         set version = s.version + 1, revision = k.revision, payload = k.payload::jsonb,
             state = k.state, step = k.step, waiting_for = k.waiting_for,
             since = k.since::timestamptz, attempts = k.attempts,
             deadline = k.deadline::timestamptz, last_error = k.last_error,
             wake_at = k.wake_at::timestamptz, parked = null
        from"""
          + " "
          + COLUMNS
          + "where"
          + KEY;

  private static final String DELETE = "delete from saga s using" + KEYS + "where" + KEY;

  /** A saga whose first event failed has no state yet: an empty one, which is never shown. */
  private static final String PARK =
      """
      insert into saga as s
        (tenant_id, saga_type, saga_id, revision, payload, state, step, waiting_for, since, attempts,
         deadline, last_error, wake_at, parked)
      values (?, ?, ?, '1', '{}', 'NEEDS_ATTENTION', 'PAYMENT', 'a repair', ?::timestamptz, 1,
              ?::timestamptz, ?, ?::timestamptz, ?::jsonb)
      on conflict (tenant_id, saga_type, saga_id) do update
         set version = s.version + 1, state = excluded.state, waiting_for = excluded.waiting_for,
             attempts = s.attempts + 1, last_error = excluded.last_error,
             wake_at = excluded.wake_at, parked = excluded.parked
       where s.version = ?
      """;

  private static final String DUE =
      """
      select tenant_id, saga_id, version from saga
       where saga_type = ? and wake_at <= ?::timestamptz order by wake_at limit ?
      """;

  private static final JsonMapper JSON = new JsonMapper();

  private final JdbcTemplate worker;
  private final Serializer json;

  OrderSagaStore(DataSource worker, Serializer json) {
    this.worker = new JdbcTemplate(worker);
    this.json = json;
  }

  /** The rows of these orders; an order without one has no saga under way. */
  Map<OrderId, StoredOrderSaga> load(Collection<OrderId> orders) {
    Map<OrderId, StoredOrderSaga> rows = new HashMap<>();
    worker.query(
        statement(LOAD, List.copyOf(orders)),
        row -> {
          rows.put(order(row), stored(row));
        });
    return rows;
  }

  /** The saga of a row. */
  OrderSaga read(StoredOrderSaga stored) {
    OrderSaga saga =
        json.deserialize(
            new SimpleSerializedObject<>(
                stored.payload(), String.class, OrderSaga.class.getName(), stored.revision()));
    saga.progress().loaded(stored.parked() == null ? stored.wakeAt() : null);
    return saga;
  }

  /** Orders whose sagas are due, the longest due first. */
  List<OrderId> due(Instant now, int limit) {
    return worker.query(
        DUE, (row, number) -> order(row), OrderSaga.PROCESSOR, now.toString(), limit);
  }

  /**
   * Stores changes within the current transaction.
   *
   * @return the orders that another writer has changed meanwhile; unless there are none, the
   *     transaction has to be rolled back
   */
  Set<OrderId> save(Collection<OrderSagaChange> changes) {
    Set<OrderId> conflicts = outdated(changes);
    if (conflicts.isEmpty()) {
      List<Kept> kept = of(Kept.class, changes).toList();
      List<Kept> added = kept.stream().filter(OrderSagaStore::isNew).toList();
      conflicts.addAll(added.stream().map(Kept::order).toList());
      conflicts.removeAll(insert(added));
      update(kept.stream().filter(change -> !isNew(change)).toList());
      delete(of(Ended.class, changes).filter(change -> !isNew(change)).map(Ended::order).toList());
      of(Parked.class, changes)
          .filter(change -> !park(change))
          .forEach(c -> conflicts.add(c.order()));
    }
    return conflicts;
  }

  private Set<OrderId> outdated(Collection<OrderSagaChange> changes) {
    Map<OrderId, Integer> expected =
        changes.stream()
            .filter(change -> !isNew(change))
            .collect(toMap(OrderSagaChange::order, OrderSagaChange::version));
    if (expected.isEmpty()) {
      return new HashSet<>();
    }
    Map<OrderId, Integer> current = new HashMap<>();
    worker.query(
        statement(LOCK, List.copyOf(expected.keySet())),
        row -> {
          current.put(order(row), row.getInt(3));
        });
    return expected.keySet().stream()
        .filter(order -> !Objects.equals(expected.get(order), current.get(order)))
        .collect(toSet());
  }

  private Set<OrderId> insert(List<Kept> sagas) {
    RowMapper<OrderId> key = (row, number) -> order(row);
    return sagas.isEmpty() ? Set.of() : new HashSet<>(worker.query(rows(INSERT, sagas), key));
  }

  private void update(List<Kept> sagas) {
    if (!sagas.isEmpty()) {
      worker.update(rows(UPDATE, sagas));
    }
  }

  private void delete(List<OrderId> orders) {
    if (!orders.isEmpty()) {
      worker.update(statement(DELETE, orders));
    }
  }

  private boolean park(Parked change) {
    String retryAt = change.retryAt().toString();
    return worker.update(
            PARK,
            change.order().tenant().value(),
            OrderSaga.PROCESSOR,
            change.order().uuid(),
            retryAt,
            retryAt,
            change.error(),
            retryAt,
            JSON.writeValueAsString(change.events()),
            change.version())
        == 1;
  }

  private static boolean isNew(OrderSagaChange change) {
    return change.version() == OrderSagaChange.NEW;
  }

  private static <T> Stream<T> of(Class<T> kind, Collection<OrderSagaChange> changes) {
    return changes.stream().filter(kind::isInstance).map(kind::cast);
  }

  private static PreparedStatementCreator statement(String sql, List<OrderId> orders) {
    return connection -> {
      PreparedStatement statement = connection.prepareStatement(sql);
      keys(statement, orders);
      return statement;
    };
  }

  private static void keys(PreparedStatement statement, List<OrderId> orders) throws SQLException {
    texts(statement, 1, orders, order -> order.tenant().value());
    UUID[] ids = orders.stream().map(OrderId::uuid).toArray(UUID[]::new);
    statement.setArray(2, statement.getConnection().createArrayOf("uuid", ids));
  }

  private PreparedStatementCreator rows(String sql, List<Kept> sagas) {
    List<OrderSagaState> states = sagas.stream().map(kept -> kept.saga().progress()).toList();
    List<SerializedObject<String>> written =
        sagas.stream().map(kept -> json.serialize(kept.saga(), String.class)).toList();
    return connection -> {
      PreparedStatement statement = connection.prepareStatement(sql);
      keys(statement, sagas.stream().map(Kept::order).toList());
      texts(statement, 3, written, saga -> saga.getType().getRevision());
      texts(statement, 4, written, SerializedObject::getData);
      texts(statement, 5, states, OrderSagaStore::state);
      texts(statement, 6, states, state -> state.step().name());
      texts(statement, 7, states, OrderSagaStore::waitingFor);
      texts(statement, 8, states, state -> state.since().toString());
      Integer[] attempts = states.stream().map(OrderSagaState::attempts).toArray(Integer[]::new);
      statement.setArray(9, connection.createArrayOf("int4", attempts));
      texts(statement, 10, states, state -> state.deadline().toString());
      texts(statement, 11, states, OrderSagaState::lastError);
      texts(statement, 12, states, state -> Objects.toString(state.wakeAt(), null));
      return statement;
    };
  }

  private static <T> void texts(
      PreparedStatement statement, int index, List<T> rows, Function<T, @Nullable String> column)
      throws SQLException {
    var texts = new @Nullable String[rows.size()];
    for (int row = 0; row < texts.length; row++) {
      texts[row] = column.apply(rows.get(row));
    }
    statement.setArray(index, statement.getConnection().createArrayOf("text", texts));
  }

  private static StoredOrderSaga stored(ResultSet row) throws SQLException {
    OffsetDateTime wakeAt = row.getObject(6, OffsetDateTime.class);
    String parked = row.getString(7);
    return new StoredOrderSaga(
        row.getInt(3),
        row.getString(4),
        row.getString(5),
        wakeAt == null ? null : wakeAt.toInstant(),
        parked == null ? null : List.of(JSON.readValue(parked, EventReference[].class)));
  }

  private static OrderId order(ResultSet row) throws SQLException {
    return new OrderId(new TenantId(row.getString(1)), row.getObject(2, UUID.class));
  }

  private static String state(OrderSagaState state) {
    if (state.needsAttention()) {
      return "NEEDS_ATTENTION";
    }
    return state.isCompensating() ? "BACK" : "FORWARD";
  }

  private static String waitingFor(OrderSagaState state) {
    if (state.needsAttention()) {
      return "a person";
    }
    return switch (state.step()) {
      case PAYMENT, CAPTURE -> "the account";
      case RESERVATION, HANDOVER -> "the stock";
      case SHIPPING -> "the carrier";
      case CONFIRMATION -> "the order";
    };
  }
}
