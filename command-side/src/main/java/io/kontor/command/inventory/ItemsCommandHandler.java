package io.kontor.command.inventory;

import static java.util.Comparator.comparing;

import io.kontor.api.inventory.InventoryCommand;
import io.kontor.api.inventory.InventoryCommand.ReleaseStock;
import io.kontor.api.inventory.InventoryCommand.ReserveStock;
import io.kontor.api.inventory.InventoryCommand.ShipStock;
import io.kontor.api.inventory.ItemsCommand.ReleaseItems;
import io.kontor.api.inventory.ItemsCommand.ReserveItems;
import io.kontor.api.inventory.ItemsCommand.ShipItems;
import java.util.List;
import java.util.function.BiConsumer;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/**
 * Several items in one decision. All lines are checked before any is booked, so a rejected command
 * appends nothing, and one unit of work appends all.
 */
@Component
class ItemsCommandHandler {
  private final Repository<InventoryItem> items;

  ItemsCommandHandler(Repository<InventoryItem> items) {
    this.items = items;
  }

  @CommandHandler
  void handle(ReserveItems command) {
    List<Line<ReserveStock>> lines = load(command.lines());
    lines.forEach(line -> line.apply(InventoryItem::requireReservable));
    lines.forEach(line -> line.apply(InventoryItem::handle));
  }

  @CommandHandler
  void handle(ReleaseItems command) {
    List<Line<ReleaseStock>> lines = load(command.lines());
    lines.forEach(line -> line.apply(InventoryItem::handle));
  }

  @CommandHandler
  void handle(ShipItems command) {
    List<Line<ShipStock>> lines = load(command.lines());
    lines.forEach(line -> line.apply(InventoryItem::requireShippable));
    lines.forEach(line -> line.apply(InventoryItem::handle));
  }

  /** Loading takes the stream's lock, so it follows the order of stream ids to avoid deadlocks. */
  private <C extends InventoryCommand> List<Line<C>> load(List<C> commands) {
    return commands.stream()
        .sorted(comparing(command -> command.item().toString()))
        .map(command -> new Line<>(command, items.load(command.item().toString())))
        .toList();
  }

  private record Line<C>(C command, Aggregate<InventoryItem> item) {
    void apply(BiConsumer<InventoryItem, C> decision) {
      item.execute(loaded -> decision.accept(loaded, command));
    }
  }
}
