package io.kontor.sagas.order;

import io.kontor.api.order.OrderId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Stores order sagas in PostgreSQL, in the transaction that stores the event processor's token,
 * with columns that operators query. A loaded saga stays locked until commit, so that an event on
 * one node and a deadline on another do not overwrite each other.
 */
final class OrderSagaStore implements SagaStore<OrderSaga> {
  private static final String KEY = " tenant_id = :tenant and saga_type = :type and saga_id = :id ";

  private final JdbcClient worker;
  private final Serializer json;

  OrderSagaStore(DataSource worker, Serializer json) {
    this.worker = JdbcClient.create(worker);
    this.json = json;
  }

  /** A saga's id is the id of its order. */
  @Override
  public Set<String> findSagas(Class<? extends OrderSaga> type, AssociationValue association) {
    return Set.of(association.getValue());
  }

  @Override
  public <S extends OrderSaga> @Nullable Entry<S> loadSaga(Class<S> type, String id) {
    return worker
        .sql("select payload::text, revision from kontor.saga where" + KEY + "for update")
        .params(key(id))
        .query((row, number) -> read(row, type))
        .optional()
        .map(saga -> new Loaded<>(Set.of(association(id)), saga))
        .orElse(null);
  }

  @Override
  public void insertSaga(
      Class<? extends OrderSaga> type,
      String id,
      OrderSaga saga,
      Set<AssociationValue> associations) {
    worker
        .sql(
            """
            insert into kontor.saga
              (tenant_id, saga_type, saga_id, revision, payload, state, step, waiting_for, since,
               attempts, deadline, last_error)
            values (:tenant, :type, :id, :revision, :payload::jsonb, :state, :step, :waiting_for,
               :since, :attempts, :deadline, :last_error)
            """)
        .params(key(id))
        .params(columns(saga))
        .update();
  }

  @Override
  public void updateSaga(
      Class<? extends OrderSaga> type, String id, OrderSaga saga, AssociationValues associations) {
    int updated =
        worker
            .sql(
                """
                update kontor.saga set revision = :revision, payload = :payload::jsonb,
                  state = :state, step = :step, waiting_for = :waiting_for, since = :since,
                  attempts = :attempts, deadline = :deadline, last_error = :last_error
                 where
                """
                    + KEY)
            .params(key(id))
            .params(columns(saga))
            .update();
    if (updated != 1) {
      throw new IllegalStateException("the saga of order %s no longer exists".formatted(id));
    }
  }

  @Override
  public void deleteSaga(
      Class<? extends OrderSaga> type, String id, Set<AssociationValue> associations) {
    worker.sql("delete from kontor.saga where" + KEY).params(key(id)).update();
  }

  private <S extends OrderSaga> S read(ResultSet row, Class<S> type) throws SQLException {
    return json.deserialize(
        new SimpleSerializedObject<>(
            row.getString(1), String.class, type.getName(), row.getString(2)));
  }

  private Map<String, @Nullable Object> columns(OrderSaga saga) {
    SerializedObject<String> written = json.serialize(saga, String.class);
    OrderSagaState state = saga.progress();
    var columns = new HashMap<String, @Nullable Object>();
    columns.put("revision", written.getType().getRevision());
    columns.put("payload", written.getData());
    columns.put("state", state(state));
    columns.put("step", state.step().name());
    columns.put("waiting_for", waitingFor(state));
    columns.put("since", utc(state.since()));
    columns.put("attempts", state.attempts());
    columns.put("deadline", utc(state.deadline()));
    columns.put("last_error", state.lastError());
    return columns;
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

  private static Map<String, ?> key(String id) {
    OrderId order = OrderId.parse(id);
    return Map.of(
        "tenant", order.tenant().value(), "type", OrderSaga.PROCESSOR, "id", order.uuid());
  }

  private static AssociationValue association(String id) {
    return new AssociationValue(OrderSaga.ORDER, id);
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private record Loaded<S>(Set<AssociationValue> associationValues, S saga) implements Entry<S> {}
}
