package io.kontor.api.inventory;

import io.kontor.api.Checks;
import io.kontor.api.money.Money;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * What can be asked of an item. Whoever reserves names the reservation by a reference that means
 * nothing here; asking twice with the same reference does what asking once does.
 */
public sealed interface ItemCommand {
  /** The most that is added or reserved at once. */
  int MOST = 1_000_000;

  ItemId item();

  record RegisterProduct(@TargetAggregateIdentifier ItemId item, Sku sku, String name, Money price)
      implements ItemCommand {
    public RegisterProduct {
      Checks.carriedText("name", name);
      Checks.positive("price", price);
    }
  }

  record AddStock(@TargetAggregateIdentifier ItemId item, int quantity) implements ItemCommand {
    public AddStock {
      Checks.quantity(quantity, MOST);
    }
  }

  /** Asks what one costs; changes nothing. */
  record QuotePrice(@TargetAggregateIdentifier ItemId item) implements ItemCommand {}

  /** Sets stock aside for {@code reference}. */
  record ReserveStock(@TargetAggregateIdentifier ItemId item, UUID reference, int quantity)
      implements ItemCommand {
    public ReserveStock {
      Checks.quantity(quantity, MOST);
    }
  }

  /** Lets go of what is set aside for {@code reference}, and of what is yet to be set aside. */
  record ReleaseStock(@TargetAggregateIdentifier ItemId item, UUID reference)
      implements ItemCommand {}

  /** Takes out of stock what is set aside for {@code reference}. */
  record ShipStock(@TargetAggregateIdentifier ItemId item, UUID reference) implements ItemCommand {}
}
