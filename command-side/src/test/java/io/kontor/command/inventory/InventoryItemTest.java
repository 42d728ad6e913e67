package io.kontor.command.inventory;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.inventory.InventoryCommand;
import io.kontor.api.inventory.InventoryCommand.AddStock;
import io.kontor.api.inventory.InventoryCommand.RegisterProduct;
import io.kontor.api.inventory.InventoryCommand.ReleaseStock;
import io.kontor.api.inventory.InventoryCommand.ReserveStock;
import io.kontor.api.inventory.InventoryCommand.ShipStock;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.inventory.InventoryEvent.ProductRegistered;
import io.kontor.api.inventory.InventoryEvent.StockAdded;
import io.kontor.api.inventory.InventoryEvent.StockReleased;
import io.kontor.api.inventory.InventoryEvent.StockReserved;
import io.kontor.api.inventory.InventoryEvent.StockShipped;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.InventoryResult.Stock;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.command.aggregate.Remembered;
import io.kontor.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class InventoryItemTest {
  private static final Sku MUG = new Sku("MUG-1");
  private static final InventoryItemId ID = InventoryItemId.of(new TenantId("acme"), MUG);
  private static final Money PRICE = Money.of("9.90", "EUR");
  private static final UUID ORDER = new UUID(7, 1);
  private static final UUID OTHER = new UUID(7, 2);

  private final AggregateTestFixture<InventoryItem> fixture =
      new AggregateTestFixture<>(InventoryItem.class);

  @Test
  void aProductIsRegisteredOnce() {
    var command = new RegisterProduct(ID, MUG, "A mug", PRICE);
    fixture.givenNoPriorActivity().when(command).expectEvents(registered());
    rejects(List.of(registered()), command, new Rejection.ProductExists(MUG));
  }

  @Test
  void stockIsAdded() {
    fixture
        .given(registered(), new StockAdded(ID, 2, 2))
        .when(new AddStock(ID, 3))
        .expectEvents(new StockAdded(ID, 3, 5))
        .expectResultMessagePayload(new Stock(2, 5, 0, 5));
  }

  @Test
  void whatIsReservedIsOnHandButNotAvailable() {
    fixture
        .given(stocked(5))
        .when(new ReserveStock(ID, ORDER, 3))
        .expectEvents(new StockReserved(ID, ORDER, 3, 3))
        .expectResultMessagePayload(new Stock(2, 5, 3, 2));
  }

  @Test
  void aReservationBeyondWhatIsAvailableIsRejected() {
    rejects(
        List.of(registered(), new StockAdded(ID, 5, 5), new StockReserved(ID, ORDER, 3, 3)),
        new ReserveStock(ID, OTHER, 3),
        new Rejection.OutOfStock(MUG, 3, 2));
  }

  @Test
  void aRepeatedReservationIsMadeOnce() {
    nothingHappens(
        List.of(registered(), new StockAdded(ID, 5, 5), new StockReserved(ID, ORDER, 3, 3)),
        new ReserveStock(ID, ORDER, 3));
  }

  @Test
  void whatIsReleasedIsAvailableAgain() {
    List<InventoryEvent> history =
        List.of(registered(), new StockAdded(ID, 5, 5), new StockReserved(ID, ORDER, 3, 3));
    fixture
        .given(history)
        .when(new ReleaseStock(ID, ORDER))
        .expectEvents(new StockReleased(ID, ORDER, 3, 0))
        .expectResultMessagePayload(new Stock(3, 5, 0, 5));
    nothingHappens(
        List.of(
            registered(),
            new StockAdded(ID, 5, 5),
            new StockReserved(ID, ORDER, 3, 3),
            new StockReleased(ID, ORDER, 3, 0)),
        new ReleaseStock(ID, ORDER));
  }

  @Test
  void aReservationAfterItsReleaseIsRejected() {
    fixture
        .given(stocked(5))
        .when(new ReleaseStock(ID, ORDER))
        .expectEvents(new StockReleased(ID, ORDER, 0, 0));
    rejects(
        List.of(registered(), new StockAdded(ID, 5, 5), new StockReleased(ID, ORDER, 0, 0)),
        new ReserveStock(ID, ORDER, 3),
        new Rejection.ReservationEnded(MUG, ORDER));
  }

  @Test
  void whatIsShippedLeavesTheStockOnce() {
    List<InventoryEvent> history =
        List.of(registered(), new StockAdded(ID, 5, 5), new StockReserved(ID, ORDER, 3, 3));
    fixture
        .given(history)
        .when(new ShipStock(ID, ORDER))
        .expectEvents(new StockShipped(ID, ORDER, 3, 2, 0))
        .expectResultMessagePayload(new Stock(3, 2, 0, 2));
    nothingHappens(
        List.of(
            registered(),
            new StockAdded(ID, 5, 5),
            new StockReserved(ID, ORDER, 3, 3),
            new StockShipped(ID, ORDER, 3, 2, 0)),
        new ShipStock(ID, ORDER));
  }

  @Test
  void whatIsNotReservedIsNotShipped() {
    rejects(
        List.of(registered(), new StockAdded(ID, 5, 5)),
        new ShipStock(ID, ORDER),
        new Rejection.ReservationEnded(MUG, ORDER));
  }

  /** Neither reserved nor shipped again, and never mistaken for a reservation yet to arrive. */
  @Test
  void aCommandToAForgottenReservationIsRejectedAsTooOld() {
    List<InventoryEvent> history = new ArrayList<>(List.of(registered(), new StockAdded(ID, 9, 9)));
    int many = Remembered.MOST + 1;
    for (int i = 0; i < many; i++) {
      history.add(new StockReserved(ID, new UUID(8, i), 1, 1));
      history.add(new StockShipped(ID, new UUID(8, i), 1, 9, 0));
    }
    var old = new UUID(8, 0);
    var tooOld = new Rejection.ReferenceTooOld("reservation", old);
    rejects(history, new ReserveStock(ID, old, 1), tooOld);
    rejects(history, new ShipStock(ID, old), tooOld);
    nothingHappens(history, new ReleaseStock(ID, old));
    nothingHappens(history, new ShipStock(ID, new UUID(8, 1)));
    fixture
        .given(history)
        .when(new ReserveStock(ID, new UUID(8, many), 1))
        .expectEvents(new StockReserved(ID, new UUID(8, many), 1, 1));
  }

  private void nothingHappens(List<InventoryEvent> history, InventoryCommand command) {
    fixture.given(history).when(command).expectSuccessfulHandlerExecution().expectNoEvents();
  }

  private void rejects(List<InventoryEvent> history, InventoryCommand command, Rejection reason) {
    fixture
        .given(history)
        .when(command)
        .expectException(RejectedException.class)
        .expectExceptionDetails(reason)
        .expectNoEvents();
  }

  private static List<InventoryEvent> stocked(int quantity) {
    return List.of(registered(), new StockAdded(ID, quantity, quantity));
  }

  private static ProductRegistered registered() {
    return new ProductRegistered(ID, MUG, "A mug", PRICE);
  }
}
