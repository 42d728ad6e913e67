package io.kontor.api.inventory;

import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Commands to an item. A reservation has the caller's reference, which is opaque here; commands
 * with a reference are idempotent.
 */
public sealed interface InventoryCommand {
  /** The maximum quantity of one command. */
  int MOST = 1_000_000;

  InventoryItemId item();

  record RegisterProduct(
      @TargetAggregateIdentifier InventoryItemId item, Sku sku, String name, Money price)
      implements InventoryCommand {
    public RegisterProduct {
      Validation.carriedText("name", name);
      Validation.positive("price", price);
    }
  }

  record AddStock(@TargetAggregateIdentifier InventoryItemId item, int quantity)
      implements InventoryCommand {
    public AddStock {
      Validation.quantity(quantity, MOST);
    }
  }

  /** Reserves stock for {@code reference}. */
  record ReserveStock(@TargetAggregateIdentifier InventoryItemId item, UUID reference, int quantity)
      implements InventoryCommand {
    public ReserveStock {
      Validation.quantity(quantity, MOST);
    }
  }

  /** Releases the reservation of {@code reference}, also one that has not arrived yet. */
  record ReleaseStock(@TargetAggregateIdentifier InventoryItemId item, UUID reference)
      implements InventoryCommand {}

  /** Ships the reserved stock of {@code reference}. */
  record ShipStock(@TargetAggregateIdentifier InventoryItemId item, UUID reference)
      implements InventoryCommand {}
}
