package io.kontor.command.inventory;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.inventory.InventoryCommand.AddStock;
import io.kontor.api.inventory.InventoryCommand.RegisterProduct;
import io.kontor.api.inventory.InventoryCommand.ReleaseStock;
import io.kontor.api.inventory.InventoryCommand.ReserveStock;
import io.kontor.api.inventory.InventoryCommand.ShipStock;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.InventoryResult.Registered;
import io.kontor.api.inventory.InventoryResult.Stock;
import io.kontor.api.inventory.Sku;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
import io.kontor.command.aggregate.ExpectedVersions;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * An item and its stock. Available is what is on hand and not reserved; it is never oversold, since
 * the stream orders all reservations.
 */
@Aggregate(repository = InventoryConfiguration.REPOSITORY)
@Revision("2")
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class InventoryItem {
  @AggregateIdentifier private InventoryItemId id;
  private Sku sku;

  /** Decides nothing here, but is in stored snapshots. */
  @SuppressWarnings("UnusedVariable")
  private Money price;

  private long onHand;
  private long reserved;
  private Reservations reservations = new Reservations();

  /** Axon creates an instance and replays its events. */
  @SuppressWarnings("NullAway.Init")
  InventoryItem() {}

  @CommandHandlerInterceptor
  void requireVersion(@MetaDataValue(MessageMetadata.EXPECTED_VERSION) @Nullable Number expected) {
    ExpectedVersions.require(expected, getVersion());
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  Registered handle(RegisterProduct command) {
    if (id != null) {
      throw new RejectedException(new Rejection.ProductExists(command.sku()));
    }
    apply(
        new InventoryEvent.ProductRegistered(
            command.item(), command.sku(), command.name(), command.price()));
    return new Registered(sku.value(), getVersion());
  }

  @CommandHandler
  Stock handle(AddStock command) {
    apply(
        new InventoryEvent.StockAdded(
            id, command.quantity(), Math.addExact(onHand, command.quantity())));
    return stock();
  }

  /** Idempotent: the same reservation is not made again, even after it was shipped. */
  @CommandHandler
  Stock handle(ReserveStock command) {
    requireReservable(command);
    UUID reference = command.reference();
    if (!isReserved(reference)) {
      apply(
          new InventoryEvent.StockReserved(
              id, reference, command.quantity(), reserved + command.quantity()));
    }
    return stock();
  }

  /**
   * @throws RejectedException when the command would be rejected
   */
  void requireReservable(ReserveStock command) {
    if (!isReserved(command.reference())) {
      requireNotReleased(command.reference());
      if (command.quantity() > available()) {
        throw new RejectedException(new Rejection.OutOfStock(sku, command.quantity(), available()));
      }
    }
  }

  /** Whether it is reserved, or was and has been shipped. */
  private boolean isReserved(UUID reference) {
    return reservations.quantity(reference) > 0 || reservations.hasShipped(reference);
  }

  /**
   * An unknown reservation is recorded as released, so that a later one is rejected. That record is
   * not needed when it may have been forgotten: then it is rejected anyway.
   */
  @CommandHandler
  Stock handle(ReleaseStock command) {
    UUID reference = command.reference();
    int quantity = reservations.quantity(reference);
    boolean mayArriveLater =
        !reservations.wasReleased(reference)
            && !reservations.hasShipped(reference)
            && !reservations.mayHaveForgotten(reference);
    if (quantity > 0 || mayArriveLater) {
      apply(new InventoryEvent.StockReleased(id, reference, quantity, reserved - quantity));
    }
    return stock();
  }

  @CommandHandler
  Stock handle(ShipStock command) {
    requireShippable(command);
    UUID reference = command.reference();
    if (!reservations.hasShipped(reference)) {
      int quantity = reservations.quantity(reference);
      apply(
          new InventoryEvent.StockShipped(
              id, reference, quantity, onHand - quantity, reserved - quantity));
    }
    return stock();
  }

  /**
   * @throws RejectedException when the command would be rejected
   */
  void requireShippable(ShipStock command) {
    UUID reference = command.reference();
    if (!reservations.hasShipped(reference)) {
      requireNotReleased(reference);
      if (reservations.quantity(reference) == 0) {
        throw new RejectedException(new Rejection.ReservationEnded(sku, reference));
      }
    }
  }

  @EventSourcingHandler
  void evolve(InventoryEvent event) {
    switch (event) {
      case InventoryEvent.ProductRegistered registered -> {
        id = registered.item();
        sku = registered.sku();
        price = registered.price();
      }
      case InventoryEvent.StockAdded added -> onHand = added.onHand();
      case InventoryEvent.StockReserved made -> {
        reservations.make(made.reference(), made.quantity());
        reserved = made.reserved();
      }
      case InventoryEvent.StockReleased released -> {
        reservations.release(released.reference());
        reserved = released.reserved();
      }
      case InventoryEvent.StockShipped shipped -> {
        reservations.ship(shipped.reference());
        onHand = shipped.onHand();
        reserved = shipped.reserved();
      }
    }
  }

  private void requireNotReleased(UUID reference) {
    if (reservations.wasReleased(reference)) {
      throw new RejectedException(new Rejection.ReservationEnded(sku, reference));
    }
    if (reservations.mayHaveForgotten(reference)) {
      throw new RejectedException(new Rejection.ReferenceTooOld("reservation", reference));
    }
  }

  private long available() {
    return onHand - reserved;
  }

  private Stock stock() {
    return new Stock(getVersion(), onHand, reserved, available());
  }
}
