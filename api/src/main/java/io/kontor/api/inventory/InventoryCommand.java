package io.kontor.api.inventory;

import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * What can be asked of an item. Whoever reserves names the reservation by a reference that means
 * nothing here; asking twice with the same reference does what asking once does.
 */
public sealed interface InventoryCommand {
  /** The most that is added or reserved at once. */
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

  /** Asks what one costs; changes nothing. */
  record QuotePrice(@TargetAggregateIdentifier InventoryItemId item) implements InventoryCommand {}

  /** Sets stock aside for {@code reference}. */
  record ReserveStock(@TargetAggregateIdentifier InventoryItemId item, UUID reference, int quantity)
      implements InventoryCommand {
    public ReserveStock {
      Validation.quantity(quantity, MOST);
    }
  }

  /** Lets go of what is set aside for {@code reference}, and of what is yet to be set aside. */
  record ReleaseStock(@TargetAggregateIdentifier InventoryItemId item, UUID reference)
      implements InventoryCommand {}

  /** Takes out of stock what is set aside for {@code reference}. */
  record ShipStock(@TargetAggregateIdentifier InventoryItemId item, UUID reference)
      implements InventoryCommand {}
}
