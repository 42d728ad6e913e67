package io.kontor.sagas.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.ItemsCommand.ReserveItems;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderCommand;
import io.kontor.api.order.OrderEvent.OrderPlaced;
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderReferences;
import io.kontor.api.shipment.ShipmentCommand.RequestShipment;
import io.kontor.api.shipment.ShipmentEvent.ShipmentScheduled;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.personaldata.SealedText;
import io.kontor.postgres.TestDatabase;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.sagas.order.OrderSagaTurn.ReceivedEvent;
import io.kontor.sagas.order.OrderSagaTurn.Work;
import io.kontor.tenancy.TenantId;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.modelling.saga.metamodel.AnnotationSagaMetaModelFactory;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Many orders in one batch, on the real database; the parties are simulated. */
@Timeout(60)
class OrderSagaRunnerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final Money PRICE = Money.of("9.90", "EUR");
  private static final int CONCURRENCY = 256;
  static final OrderSagaProperties PROPERTIES =
      new OrderSagaProperties(
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          Duration.ofDays(7),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          10,
          CONCURRENCY);

  private Instant now = NOON;
  private final TestDatabase database = TestDatabase.create();
  private final DataSource connections = database.worker();
  private final JdbcClient worker = JdbcClient.create(connections);
  private final Parties parties = new Parties();
  private final Map<EventReference, EventMessage<?>> events = new HashMap<>();
  private final OrderSagaStore store =
      new OrderSagaStore(connections, Jackson3Serializer.builder().build());
  private final OrderSagaRunner sagas = node();
  private final OrderWakeUpJob wakeUps = new OrderWakeUpJob(store, sagas, () -> now);

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void hundredsOfOrdersActAtTheSameTimeAndAreStoredTogether() throws Exception {
    List<OrderPlaced> orders =
        IntStream.range(0, 400).mapToObj(OrderSagaRunnerTest::order).toList();
    parties.meet(CONCURRENCY);
    place(orders);
    assertThat(parties.sent(RequestShipment.class)).hasSize(400);
    assertThat(rows())
        .hasSize(400)
        .allSatisfy((order, row) -> assertThat(row).isEqualTo("FORWARD SHIPPING"));
    run(orders.stream().<EventMessage<?>>map(this::booked).toList());
    assertThat(rows()).isEmpty();
  }

  @Test
  void anOrderThatFailsInTheMiddleOfABatchStopsNoOther() throws Exception {
    OrderPlaced broken = order(1);
    OrderPlaced refused = order(2);
    parties.answers.put(
        broken.order().uuid(), _ -> new IllegalStateException("the account is broken"));
    parties.answers.put(
        refused.order().uuid(),
        _ -> new RejectedException(new Rejection.AccountFrozen(refused.account())));
    place(List.of(order(0), broken, refused, order(3)));
    assertThat(rows())
        .containsEntry(order(0).order().uuid(), "FORWARD SHIPPING")
        .containsEntry(broken.order().uuid(), "FORWARD PAYMENT")
        .containsEntry(refused.order().uuid(), "FORWARD PAYMENT")
        .containsEntry(order(3).order().uuid(), "FORWARD SHIPPING");
    parties.answers.clear();
    now = NOON.plusSeconds(1);
    wakeUps.wake(() -> true);
    assertThat(rows()).containsEntry(broken.order().uuid(), "FORWARD SHIPPING");
  }

  @Test
  void aSagaThatCantBeReadIsParkedWithItsEventsUntilItCan() throws Exception {
    place(List.of(order(0), order(1)));
    worker
        .sql("update kontor.saga set payload = payload || '{\"placed\":7}' where saga_id = :id")
        .param("id", order(0).order().uuid())
        .update();
    run(List.of(booked(order(0)), booked(order(1))));
    assertThat(rows()).containsOnly(Map.entry(order(0).order().uuid(), "NEEDS_ATTENTION SHIPPING"));
    repair(order(0));
    now = NOON.plusSeconds(30);
    wakeUps.wake(() -> true);
    assertThat(rows()).isEmpty();
    assertThat(parties.sent(RequestShipment.class)).hasSize(2);
  }

  @Test
  void whatWasDoneBeforeARollbackIsAskedForAgain() throws Exception {
    sagas.run(work(List.of(event(order(0)))), () -> {}).rollback();
    assertThat(rows()).isEmpty();
    place(List.of(order(0)));
    assertThat(rows()).containsEntry(order(0).order().uuid(), "FORWARD SHIPPING");
    assertThat(parties.sent(PlaceHold.class)).hasSize(2).containsOnly(hold(order(0)));
    assertThat(parties.sent(ReserveItems.class)).hasSize(2);
  }

  @Test
  void ofTwoNodesWithTheSameBatchEachOrderIsStoredOnce() throws Exception {
    OrderSagaRunner other = node();
    Map<OrderId, Work> batch = work(List.of(event(order(0)), event(order(1))));
    parties.onFirst(order(0).order().uuid(), () -> commit(other, work(List.of(event(order(0))))));
    sagas.run(batch, () -> {}).commit();
    assertThat(rows()).hasSize(2);
    assertThat(versions()).containsOnly(1);
  }

  @Test
  void anOrderThatAnotherNodeChangesMeanwhileIsRunAgainFromItsNewState() throws Exception {
    place(List.of(order(0), order(1)));
    parties.onFirst(
        order(0).order().uuid(),
        () ->
            worker.sql("update kontor.saga set version = version + 1, last_error = 'x'").update());
    run(List.of(booked(order(0)), booked(order(1))));
    assertThat(rows()).isEmpty();
  }

  @Test
  void aWakeUpThatPassedWhileTheBankWasDownIsActedOnOnce() throws Exception {
    parties.answers.put(
        order(0).order().uuid(), _ -> new IllegalStateException("the account is away"));
    place(List.of(order(0)));
    parties.answers.clear();
    parties.sent.clear();
    now = NOON.plus(Duration.ofSeconds(50));
    new OrderWakeUpJob(store, node(), () -> now).wake(() -> true);
    wakeUps.wake(() -> true);
    assertThat(parties.sent(PlaceHold.class)).hasSize(1);
    assertThat(rows()).containsEntry(order(0).order().uuid(), "FORWARD SHIPPING");
  }

  @Test
  void aSagaOfTheFirstVersionThatWaitedGoesOnAfterTheUpgrade() throws Exception {
    now = Instant.now();
    parties.answers.put(
        order(0).order().uuid(), _ -> new IllegalStateException("the account is away"));
    place(List.of(order(0), order(1)));
    parties.answers.clear();
    worker
        .sql(
            """
            update kontor.saga set wake_at = null, payload = payload || jsonb_build_object('progress',
              payload -> 'progress' || '{"turn": 5, "wakeUp": "w1"}')
            """)
        .update();
    migrate("V67__order_wake_ups.sql", "update kontor.saga");
    now = now.plusSeconds(10);
    wakeUps.wake(() -> true);
    run(List.of(booked(order(1))));
    assertThat(rows()).containsOnlyKeys(order(0).order().uuid());
    assertThat(parties.sent(RequestShipment.class)).hasSize(3);
  }

  @Test
  void anOrderWithoutASagaHasEnded() throws Exception {
    run(List.of(booked(order(0))));
    assertThat(rows()).isEmpty();
    assertThat(parties.sent).isEmpty();
  }

  private OrderSagaRunner node() {
    var bus = new AnsweringCommandBus(parties::answer);
    var turn =
        new OrderSagaTurn(
            store,
            new OrderStepGateway(new SystemCommandSender(bus), () -> now, PROPERTIES),
            events::get,
            new AnnotationSagaMetaModelFactory());
    var transactions = new SpringTransactionManager(new JdbcTransactionManager(connections));
    return new OrderSagaRunner(store, turn, transactions, CONCURRENCY);
  }

  /** Runs a migration's statement, and those around it that let it see every row. */
  private void migrate(String file, String statement) throws IOException {
    try (InputStream sql = getClass().getResourceAsStream("/db/migration/" + file)) {
      JdbcClient owner = JdbcClient.create(database.owner());
      Stream.of(new String(sql.readAllBytes(), UTF_8).split(";"))
          .filter(part -> part.contains(statement) || part.contains("kontor.saga no force"))
          .forEach(part -> owner.sql(part).update());
    }
  }

  private void place(List<OrderPlaced> orders) throws InterruptedException {
    run(orders.stream().<EventMessage<?>>map(this::event).toList());
  }

  private void run(List<EventMessage<?>> batch) throws InterruptedException {
    sagas.run(work(batch), () -> {}).commit();
  }

  private static Map<OrderId, Work> work(List<EventMessage<?>> batch) {
    Map<OrderId, List<ReceivedEvent>> byOrder = new LinkedHashMap<>();
    batch.forEach(
        event ->
            byOrder
                .computeIfAbsent(OrderSagaTurn.order(event), order -> new ArrayList<>())
                .add(new ReceivedEvent(event, Context.root())));
    Map<OrderId, Work> work = new LinkedHashMap<>();
    byOrder.forEach((order, received) -> work.put(order, new Work.Events(received)));
    return work;
  }

  private void repair(OrderPlaced order) {
    worker
        .sql(
            """
            update kontor.saga set payload = (select jsonb_set(saga.payload, '{placed}', :placed::jsonb))
             where saga_id = :id
            """)
        .param(
            "placed", Jackson3Serializer.builder().build().serialize(order, String.class).getData())
        .param("id", order.order().uuid())
        .update();
  }

  private Map<UUID, String> rows() {
    Map<UUID, String> rows = new HashMap<>();
    worker
        .sql("select saga_id, state || ' ' || step from kontor.saga")
        .query(
            row -> {
              rows.put(row.getObject(1, UUID.class), row.getString(2));
            });
    return rows;
  }

  private List<Integer> versions() {
    return worker.sql("select version from kontor.saga").query(Integer.class).list();
  }

  private static void commit(OrderSagaRunner node, Map<OrderId, Work> batch) {
    try {
      node.run(batch, () -> {}).commit();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private EventMessage<?> event(OrderPlaced order) {
    return stored(order.order().toString(), 0, order);
  }

  private EventMessage<?> booked(OrderPlaced order) {
    var shipment = new ShipmentId(ACME, order.references().shipment());
    return stored(
        shipment.toString(), 1, new ShipmentScheduled(shipment, order.order().uuid(), "T1"));
  }

  private EventMessage<?> stored(String stream, long sequence, Object event) {
    return events.computeIfAbsent(
        new EventReference(stream, sequence),
        first -> new GenericDomainEventMessage<>("test", stream, sequence, event));
  }

  static OrderPlaced order(int number) {
    return new OrderPlaced(
        new OrderId(ACME, new UUID(1, number)),
        new AccountId(ACME, new UUID(2, number)),
        "cust-42",
        List.of(new OrderLine(new Sku("MUG-1"), 1, PRICE)),
        PRICE,
        SealedText.inTheClear("cust-42", "Street 1"),
        new OrderReferences(
            new UUID(3, number), new UUID(4, number), new UUID(5, number), new UUID(6, number)));
  }

  private PlaceHold hold(OrderPlaced order) {
    return parties.sent(PlaceHold.class).stream()
        .filter(hold -> hold.account().equals(order.account()))
        .findFirst()
        .orElseThrow();
  }

  /** Accepts each command, unless the test wants the hold of an order to fail. */
  private static final class Parties {
    private final Queue<Object> sent = new ConcurrentLinkedQueue<>();
    private final Map<UUID, Function<Object, RuntimeException>> answers = new HashMap<>();
    private final Map<UUID, Runnable> firsts = new HashMap<>();
    private CountDownLatch together = new CountDownLatch(0);

    /** The first commands are answered only when so many are under way. */
    void meet(int number) {
      together = new CountDownLatch(number);
    }

    void onFirst(UUID order, Runnable action) {
      firsts.put(order, action);
    }

    private Object answer(Object command) throws InterruptedException {
      sent.add(command);
      together.countDown();
      assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
      if (command instanceof PlaceHold hold) {
        UUID order = new UUID(1, hold.hold().getLeastSignificantBits());
        Function<Object, RuntimeException> failure = answers.get(order);
        if (failure != null) {
          throw failure.apply(hold);
        }
      }
      if (command instanceof OrderCommand recorded) {
        Runnable action = firsts.remove(recorded.order().uuid());
        if (action != null) {
          action.run();
        }
      }
      return "done";
    }

    <T> List<T> sent(Class<T> kind) {
      return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }
}
