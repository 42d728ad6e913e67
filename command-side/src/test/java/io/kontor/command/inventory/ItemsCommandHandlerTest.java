package io.kontor.command.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.inventory.InventoryCommand.AddStock;
import io.kontor.api.inventory.InventoryCommand.RegisterProduct;
import io.kontor.api.inventory.InventoryCommand.ReleaseStock;
import io.kontor.api.inventory.InventoryCommand.ReserveStock;
import io.kontor.api.inventory.InventoryCommand.ShipStock;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.inventory.InventoryEvent.StockReleased;
import io.kontor.api.inventory.InventoryEvent.StockReserved;
import io.kontor.api.inventory.InventoryEvent.StockShipped;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.ItemsCommand;
import io.kontor.api.inventory.ItemsCommand.ReleaseItems;
import io.kontor.api.inventory.ItemsCommand.ReserveItems;
import io.kontor.api.inventory.ItemsCommand.ShipItems;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.UUID;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class ItemsCommandHandlerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final Sku MUG = new Sku("MUG-1");
  private static final Sku POT = new Sku("POT-1");
  private static final InventoryItemId MUGS = InventoryItemId.of(ACME, MUG);
  private static final InventoryItemId POTS = InventoryItemId.of(ACME, POT);
  private static final UUID ORDER = new UUID(7, 1);
  private static final ReserveItems BOTH = reserve(2, 1);

  private final Configuration axon =
      DefaultConfigurer.defaultConfiguration(false)
          .configureSerializer(c -> Jackson3Serializer.builder().build())
          .configureAggregate(AggregateConfigurer.defaultConfiguration(InventoryItem.class))
          .registerCommandHandler(c -> new ItemsCommandHandler(c.repository(InventoryItem.class)))
          .configureEmbeddedEventStore(c -> new InMemoryEventStorageEngine())
          .start();

  @BeforeEach
  void stockUp() {
    offer(MUGS, MUG, 5);
    offer(POTS, POT, 1);
  }

  @AfterEach
  void close() {
    axon.shutdown();
  }

  @Test
  void allLinesAreReservedAndShippedTogether() {
    send(BOTH);
    assertThat(last(MUGS)).isEqualTo(new StockReserved(MUGS, ORDER, 2, 2));
    assertThat(last(POTS)).isEqualTo(new StockReserved(POTS, ORDER, 1, 1));
    send(new ShipItems(List.of(new ShipStock(POTS, ORDER), new ShipStock(MUGS, ORDER))));
    assertThat(last(MUGS)).isEqualTo(new StockShipped(MUGS, ORDER, 2, 3, 0));
    assertThat(last(POTS)).isEqualTo(new StockShipped(POTS, ORDER, 1, 0, 0));
  }

  @Test
  void oneLineOutOfStockReservesNone() {
    rejects(reserve(2, 2), new Rejection.OutOfStock(POT, 2, 1));
    assertThat(events(MUGS)).isEqualTo(2);
    assertThat(events(POTS)).isEqualTo(2);
  }

  @Test
  void oneLineThatWasReleasedShipsNone() {
    send(BOTH);
    send(new ReleaseStock(POTS, ORDER));
    rejects(
        new ShipItems(List.of(new ShipStock(MUGS, ORDER), new ShipStock(POTS, ORDER))),
        new Rejection.ReservationEnded(POT, ORDER));
    assertThat(last(MUGS)).isInstanceOf(StockReserved.class);
  }

  @Test
  void whatIsSentAgainIsDoneOnce() {
    send(BOTH);
    send(BOTH);
    assertThat(events(MUGS)).isEqualTo(3);
    var release =
        new ReleaseItems(List.of(new ReleaseStock(MUGS, ORDER), new ReleaseStock(POTS, ORDER)));
    send(release);
    send(release);
    assertThat(last(POTS)).isEqualTo(new StockReleased(POTS, ORDER, 1, 0));
    assertThat(events(POTS)).isEqualTo(4);
    rejects(BOTH, new Rejection.ReservationEnded(MUG, ORDER));
  }

  private static ReserveItems reserve(int mugs, int pots) {
    return new ReserveItems(
        List.of(new ReserveStock(MUGS, ORDER, mugs), new ReserveStock(POTS, ORDER, pots)));
  }

  private void offer(InventoryItemId item, Sku sku, int quantity) {
    send(new RegisterProduct(item, sku, "A thing", Money.of("9.90", "EUR")));
    send(new AddStock(item, quantity));
  }

  private void send(Object command) {
    axon.commandGateway().sendAndWait(command);
  }

  private void rejects(ItemsCommand command, Rejection reason) {
    var rejected = catchThrowableOfType(RejectedException.class, () -> send(command));
    assertThat(rejected.getDetails()).contains(reason);
  }

  private long events(InventoryItemId item) {
    return axon.eventStore().readEvents(item.toString()).asStream().count();
  }

  private InventoryEvent last(InventoryItemId item) {
    return (InventoryEvent)
        axon.eventStore().readEvents(item.toString()).asStream().toList().getLast().getPayload();
  }
}
