package io.kontor.app;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountId;
import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderEvent;
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderReferences;
import io.kontor.api.shipment.ShipmentEvent;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.eventstore.archive.ChainedEventWriter;
import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

/** The history of a bank in which one account ordered one item time and again. */
final class FinishedOrders {
  private static final TenantId ACME = new TenantId("acme");
  private static final long PRICE = 990;
  private static final long FUNDS = 10_000_000;
  private static final int STOCK = 1_000_000;
  private static final int BATCH = 2_000;
  private static final SealedText HOME =
      SealedText.inTheClear(
          "cust-42",
          "{\"name\":\"Ada\",\"line1\":\"Street 1\",\"postalCode\":\"10115\",\"city\":\"Berlin\","
              + "\"country\":\"DE\"}");

  private final NamedTypeSerializer serializer =
      NamedTypeSerializer.of(Jackson3Serializer.builder(), EventTypeRegistry.byName());
  private final AccountId account = new AccountId(ACME, IdGenerator.next());
  private final Sku sku = new Sku("MUG-1");
  private final InventoryItemId item = InventoryItemId.of(ACME, sku);
  private final Map<StreamId, Long> versions = new HashMap<>();
  private final List<StoredEvent> waiting = new ArrayList<>();
  private Instant time = Instant.now().minus(Duration.ofDays(30)).truncatedTo(ChronoUnit.MILLIS);
  private Sha256 end = EventChain.START;
  private long written;
  private int orders;

  /** The account's balance and held amount, and the stock left. */
  record State(BigDecimal balance, BigDecimal held, int onHand) {}

  AccountId account() {
    return account;
  }

  Sku sku() {
    return sku;
  }

  /** What is left after so many further orders. */
  State expectedAfter(int further) {
    return new State(
        BigDecimal.valueOf(FUNDS - PRICE * (orders + further), 2),
        BigDecimal.valueOf(0, 2),
        STOCK - orders - further);
  }

  /** Writes it into an empty store and returns the number of events. */
  long write(DataSource worker, int number) throws SQLException {
    try (var writer = new ChainedEventWriter(worker, List.of())) {
      begin();
      for (int order = 0; order < number; order++) {
        finishedOrder();
        if (waiting.size() >= BATCH) {
          flush(writer);
        }
      }
      flush(writer);
    }
    return written;
  }

  private void begin() {
    var none = Money.of("0.00", "EUR");
    happened(
        new AccountEvent.AccountOpened(
            account, "cust-42", SealedText.inTheClear("cust-42", "Ada"), none.currency(), none));
    happened(
        new AccountEvent.MoneyDeposited(
            account, IdGenerator.next(), eur(FUNDS), eur(FUNDS), "salary"));
    happened(new InventoryEvent.ProductRegistered(item, sku, "A mug", eur(PRICE)));
    happened(new InventoryEvent.StockAdded(item, STOCK, STOCK));
  }

  private void finishedOrder() {
    var order = new OrderId(ACME, IdGenerator.next());
    var references =
        new OrderReferences(
            IdGenerator.next(), IdGenerator.next(), IdGenerator.next(), IdGenerator.next());
    var shipment = new ShipmentId(ACME, references.shipment());
    var hold = references.hold();
    orders++;
    var line = new OrderLine(sku, 1, eur(PRICE));
    happened(
        new OrderEvent.OrderPlaced(
            order, account, "cust-42", List.of(line), eur(PRICE), HOME, references));
    happened(
        new AccountEvent.HoldPlaced(
            account,
            hold,
            eur(PRICE),
            eur(PRICE),
            "order " + order.uuid(),
            time.plus(Duration.ofDays(7))));
    happened(new OrderEvent.OrderPaid(order));
    happened(new InventoryEvent.StockReserved(item, order.uuid(), 1, 1));
    happened(new OrderEvent.ItemsReserved(order));
    happened(new ShipmentEvent.ShipmentRequested(shipment, order.uuid(), HOME));
    happened(new ShipmentEvent.ShipmentScheduled(shipment, order.uuid(), "T-" + orders));
    happened(new OrderEvent.ShippingScheduled(order, "T-" + orders));
    happened(
        new AccountEvent.HoldCaptured(
            account,
            hold,
            references.capture(),
            eur(PRICE),
            eur(0),
            eur(FUNDS - PRICE * orders),
            eur(0),
            "order " + order.uuid()));
    happened(new OrderEvent.PaymentCaptured(order));
    happened(new OrderEvent.OrderConfirmed(order));
    happened(new InventoryEvent.StockShipped(item, order.uuid(), 1, STOCK - orders, 0));
    happened(new OrderEvent.ItemsShipped(order));
  }

  private void happened(Object event) {
    StreamId stream = stream(event);
    long sequence = versions.merge(stream, 0L, (last, first) -> last + 1);
    SerializedObject<String> written = serializer.serialize(event, String.class);
    time = time.plusMillis(1);
    var unlinked =
        new StoredEvent(
            0,
            stream,
            sequence,
            streamType(event),
            UUID.randomUUID(),
            written.getType().getName(),
            written.getType().getRevision(),
            time,
            0,
            written.getData(),
            "{\"actor\":\"system\",\"correlationId\":\"a-move\"}",
            EventChain.START);
    end = EventChain.next(end, unlinked);
    waiting.add(unlinked.chained(end));
  }

  private void flush(ChainedEventWriter writer) throws SQLException {
    writer.append(waiting);
    written += waiting.size();
    waiting.clear();
  }

  private static StreamId stream(Object event) {
    return StreamId.parse(
        switch (event) {
          case AccountEvent e -> e.account().toString();
          case InventoryEvent e -> e.item().toString();
          case OrderEvent e -> e.order().toString();
          case ShipmentEvent e -> e.shipment().toString();
          default -> throw new IllegalArgumentException(event.toString());
        });
  }

  private static String streamType(Object event) {
    return switch (event) {
      case AccountEvent _ -> "Account";
      case InventoryEvent _ -> "InventoryItem";
      case OrderEvent _ -> "Order";
      default -> "Shipment";
    };
  }

  private static Money eur(long cents) {
    return new Money(cents, Money.currencyOf("EUR"));
  }
}
