package io.kontor.api.inventory;

import io.kontor.api.inventory.InventoryCommand.ReleaseStock;
import io.kontor.api.inventory.InventoryCommand.ReserveStock;
import io.kontor.api.inventory.InventoryCommand.ShipStock;
import io.kontor.api.message.Validation;
import java.util.List;
import org.axonframework.commandhandling.RoutingKey;

/**
 * Commands to several items at once: one decision, all lines or none. Idempotent line by line, as
 * the commands of the lines are.
 */
public sealed interface ItemsCommand {
  /** At least one, each for another item of the same tenant. */
  List<? extends InventoryCommand> lines();

  /** Decides on which node the command is handled: where its first item is. */
  @RoutingKey
  default InventoryItemId first() {
    return lines().getFirst().item();
  }

  record ReserveItems(List<ReserveStock> lines) implements ItemsCommand {
    public ReserveItems {
      lines = checked(lines);
    }
  }

  /** Releases reservations, also those that have not arrived yet. */
  record ReleaseItems(List<ReleaseStock> lines) implements ItemsCommand {
    public ReleaseItems {
      lines = checked(lines);
    }
  }

  record ShipItems(List<ShipStock> lines) implements ItemsCommand {
    public ShipItems {
      lines = checked(lines);
    }
  }

  private static <T extends InventoryCommand> List<T> checked(List<T> lines) {
    Validation.that(!lines.isEmpty(), "lines: must not be empty");
    Validation.that(
        lines.stream().map(InventoryCommand::item).distinct().count() == lines.size(),
        "lines: must name each item once");
    Validation.that(
        lines.stream().map(line -> line.item().tenant()).distinct().count() == 1,
        "lines: must be items of the same tenant");
    return List.copyOf(lines);
  }
}
