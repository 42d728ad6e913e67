package io.kontor.app.cli.demo;

import io.kontor.api.inventory.InventoryEvent.ProductRegistered;
import io.kontor.api.inventory.InventoryEvent.StockAdded;
import io.kontor.api.inventory.InventoryEvent.StockReleased;
import io.kontor.api.inventory.InventoryEvent.StockReserved;
import io.kontor.api.inventory.InventoryEvent.StockShipped;
import io.kontor.api.order.OrderEvent.CompensationBegan;
import io.kontor.api.order.OrderEvent.ItemsReserved;
import io.kontor.api.order.OrderEvent.ItemsShipped;
import io.kontor.api.order.OrderEvent.OrderCancelled;
import io.kontor.api.order.OrderEvent.OrderConfirmed;
import io.kontor.api.order.OrderEvent.OrderPaid;
import io.kontor.api.order.OrderEvent.OrderPlaced;
import io.kontor.api.order.OrderEvent.PaymentCaptured;
import io.kontor.api.order.OrderEvent.ShippingScheduled;
import io.kontor.api.order.OrderEvent.StepUndone;
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderReferences;
import io.kontor.api.order.OrderStep;
import io.kontor.api.shipment.PostalAddress;
import io.kontor.api.shipment.ShipmentEvent.ShipmentCancelled;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRefused;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRequested;
import io.kontor.api.shipment.ShipmentEvent.ShipmentScheduled;
import io.kontor.api.shipment.ShipmentId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Orders of the tenant's products: most of them delivered, some cancelled, some stuck. */
final class DemoOrders {
  private static final int STOCK = 1_000;
  private static final int CANCELLED_ONE_OF = 12;
  private static final Duration HOLD_TIME = Duration.ofDays(7);

  private final DemoContext demo;
  private final List<Item> items = new ArrayList<>();

  DemoOrders(DemoContext demo) {
    this.demo = demo;
  }

  /** A product with its stock. */
  private static final class Item {
    private final ProductRegistered product;
    private int onHand = STOCK;
    private int reserved;

    Item(ProductRegistered product) {
      this.product = product;
    }
  }

  /** An order that is placed, and the one product in it. */
  private record Placed(
      OrderPlaced event, ShipmentId shipment, DemoAccount account, Item item, int quantity) {
    OrderId id() {
      return event.order();
    }

    long total() {
      return event.total().minorUnits();
    }
  }

  /** Registers the products. */
  void stock(Instant at) {
    for (ProductRegistered product : demo.tenant().products()) {
      items.add(new Item(product));
      demo.add(at, "tim", product);
      demo.add(at, "tim", new StockAdded(product.item(), STOCK, STOCK));
    }
  }

  /** Adds one that has ended. */
  void finish(Instant at) {
    Placed order = place(at, demo::accountWith);
    if (order == null) {
      return;
    }
    pay(at, order);
    reserve(at, order);
    add(
        at,
        new ShipmentRequested(order.shipment, order.id().uuid(), order.event.shippingAddress()));
    if (demo.inOneOf(CANCELLED_ONE_OF)) {
      cancel(at, order);
    } else {
      deliver(at, order);
    }
  }

  /** Adds one that is left to the bank. */
  void leave(Instant at) {
    place(at, demo::accountWith);
  }

  /**
   * Adds one that was cancelled just after its payment was captured, and whose account was frozen:
   * the bank can't refund it, until the account is unfrozen.
   */
  void getStuck(Instant at) {
    Placed order = place(at, demo::accountToFreezeWith);
    if (order != null) {
      pay(at, order);
      reserve(at, order);
      add(
          at,
          new ShipmentRequested(order.shipment, order.id().uuid(), order.event.shippingAddress()));
      schedule(at, order);
      capture(at, order);
      demo.add(
          at, order.account.customer(), new CompensationBegan(order.id(), null, "Changed my mind"));
      demo.add(at, "tim", order.account.freeze("Suspected fraud"));
    }
  }

  private @Nullable Placed place(Instant at, LongFunction<@Nullable DemoAccount> payer) {
    Item item = demo.any(items);
    int quantity = demo.between(1, 3);
    var line = new OrderLine(item.product.sku(), quantity, item.product.price());
    DemoAccount account = payer.apply(line.total().minorUnits());
    if (account == null || item.onHand - item.reserved < quantity) {
      return null;
    }
    var references = new OrderReferences(demo.id(at), demo.id(at), demo.id(at), demo.id(at));
    var event =
        new OrderPlaced(
            new OrderId(demo.tenant().id(), demo.id(at)),
            account.id(),
            account.customer(),
            List.of(line),
            line.total(),
            demo.sealAsJson(
                account.customer(),
                new PostalAddress(
                    account.owner(), "Market Street 1", null, "10115", "Berlin", "DE")),
            references);
    demo.add(at, account.customer(), event);
    return new Placed(
        event, new ShipmentId(demo.tenant().id(), references.shipment()), account, item, quantity);
  }

  private void pay(Instant at, Placed order) {
    add(
        at,
        order.account.hold(
            order.event.references().hold(), order.total(), reference(order), at.plus(HOLD_TIME)));
    add(at, new OrderPaid(order.id()));
  }

  private void reserve(Instant at, Placed order) {
    order.item.reserved += order.quantity;
    add(
        at,
        new StockReserved(
            order.item.product.item(), order.id().uuid(), order.quantity, order.item.reserved));
    add(at, new ItemsReserved(order.id()));
  }

  private void schedule(Instant at, Placed order) {
    String tracking = "TRK-" + demo.between(100_000, 999_999);
    add(at, new ShipmentScheduled(order.shipment, order.id().uuid(), tracking));
    add(at, new ShippingScheduled(order.id(), tracking));
  }

  private void capture(Instant at, Placed order) {
    var references = order.event.references();
    add(
        at,
        order.account.capture(
            references.hold(), references.capture(), order.total(), reference(order), null));
  }

  private void deliver(Instant at, Placed order) {
    schedule(at, order);
    capture(at, order);
    demo.add(
        at, DemoContext.SYSTEM, new PaymentCaptured(order.id()), new OrderConfirmed(order.id()));
    order.item.onHand -= order.quantity;
    order.item.reserved -= order.quantity;
    add(
        at,
        new StockShipped(
            order.item.product.item(),
            order.id().uuid(),
            order.quantity,
            order.item.onHand,
            order.item.reserved));
    add(at, new ItemsShipped(order.id()));
  }

  /** The carrier refuses the address, and each step is undone, the last one first. */
  private void cancel(Instant at, Placed order) {
    String reason = "no service to this address";
    add(at, new ShipmentRefused(order.shipment, order.id().uuid(), reason));
    add(at, new CompensationBegan(order.id(), OrderStep.SHIPPING, reason));
    add(at, new ShipmentCancelled(order.shipment, order.id().uuid()));
    add(at, new StepUndone(order.id(), OrderStep.SHIPPING, false));
    order.item.reserved -= order.quantity;
    add(
        at,
        new StockReleased(
            order.item.product.item(), order.id().uuid(), order.quantity, order.item.reserved));
    add(at, new StepUndone(order.id(), OrderStep.RESERVATION, true));
    add(at, order.account.release(order.event.references().hold(), order.total()));
    add(at, new StepUndone(order.id(), OrderStep.PAYMENT, true));
    add(at, new OrderCancelled(order.id(), reason));
  }

  private void add(Instant at, Object event) {
    demo.add(at, DemoContext.SYSTEM, event);
  }

  private static String reference(Placed order) {
    return "order " + order.id().uuid();
  }
}
