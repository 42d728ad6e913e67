package io.kontor.command.order;

import static io.kontor.api.order.OrderStep.CAPTURE;
import static io.kontor.api.order.OrderStep.CONFIRMATION;
import static io.kontor.api.order.OrderStep.HANDOVER;
import static io.kontor.api.order.OrderStep.PAYMENT;

import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderCommand;
import io.kontor.api.order.OrderCommand.AbandonOrder;
import io.kontor.api.order.OrderCommand.CancelOrder;
import io.kontor.api.order.OrderCommand.CloseOrder;
import io.kontor.api.order.OrderCommand.CompensateOrder;
import io.kontor.api.order.OrderCommand.ConfirmOrder;
import io.kontor.api.order.OrderCommand.FlagForManualReview;
import io.kontor.api.order.OrderCommand.PlaceOrder;
import io.kontor.api.order.OrderCommand.RecordStep;
import io.kontor.api.order.OrderCommand.RecordUndo;
import io.kontor.api.order.OrderCommand.RetryOrder;
import io.kontor.api.order.OrderEvent;
import io.kontor.api.order.OrderEvent.AttentionNeeded;
import io.kontor.api.order.OrderEvent.CompensationBegan;
import io.kontor.api.order.OrderEvent.ItemsShipped;
import io.kontor.api.order.OrderEvent.OrderCancelled;
import io.kontor.api.order.OrderEvent.OrderConfirmed;
import io.kontor.api.order.OrderEvent.OrderPaid;
import io.kontor.api.order.OrderEvent.OrderPlaced;
import io.kontor.api.order.OrderEvent.StepSettledByHand;
import io.kontor.api.order.OrderEvent.StepUndone;
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderReferences;
import io.kontor.command.RepeatedCommandsTest;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** A repeated command is recognized, whatever happened to the order since. */
@Tag("fast")
class RepeatedOrderCommandsTest extends RepeatedCommandsTest<OrderCommand, OrderEvent> {
  private static final TenantId ACME = new TenantId("acme");
  private static final OrderId ID = new OrderId(ACME, new UUID(7, 1));
  private static final OrderLine MUG = new OrderLine(new Sku("MUG-1"), 1, Money.of("9.90", "EUR"));
  private static final OrderPlaced PLACED =
      new OrderPlaced(
          ID,
          new AccountId(ACME, new UUID(7, 2)),
          "cust-42",
          List.of(MUG),
          MUG.total(),
          SealedText.inTheClear("cust-42", "Street 1"),
          new OrderReferences(new UUID(8, 1), new UUID(8, 2), new UUID(8, 3), new UUID(8, 4)));
  private static final OrderPaid PAID = new OrderPaid(ID);
  private static final CompensationBegan TURNED = new CompensationBegan(ID, null, "unwanted");
  private static final StepUndone UNPAID = new StepUndone(ID, PAYMENT, true);
  private static final OrderCancelled CANCELLED = new OrderCancelled(ID, "unwanted");
  private static final OrderConfirmed CONFIRMED = new OrderConfirmed(ID);
  private static final ItemsShipped SHIPPED = new ItemsShipped(ID);
  private static final AttentionNeeded STUCK = new AttentionNeeded(ID, CAPTURE, "frozen");
  private static final StepSettledByHand SETTLED = new StepSettledByHand(ID, CAPTURE, null);

  RepeatedOrderCommandsTest() {
    super(
        Order.class,
        OrderCommand.class,
        Set.of(PlaceOrder.class, RetryOrder.class, CompensateOrder.class));
  }

  @Override
  protected Stream<Case<OrderCommand, OrderEvent>> cases() {
    var attention = new FlagForManualReview(ID, CAPTURE, "frozen");
    return Stream.of(
        new Case<>(new RecordStep(ID, PAYMENT, null), List.of(PLACED, PAID, TURNED)),
        new Case<>(new RecordStep(ID, PAYMENT, null), List.of(PLACED, PAID, TURNED, UNPAID)),
        new Case<>(
            new RecordStep(ID, PAYMENT, null), List.of(PLACED, PAID, TURNED, UNPAID, CANCELLED)),
        new Case<>(new RecordStep(ID, CONFIRMATION, null), List.of(PLACED, CONFIRMED, SHIPPED)),
        new Case<>(new ConfirmOrder(ID), List.of(PLACED, PAID, CONFIRMED, SHIPPED)),
        new Case<>(
            new CancelOrder(ID, "no", null), List.of(PLACED, PAID, TURNED, UNPAID, CANCELLED)),
        new Case<>(new AbandonOrder(ID, PAYMENT, "no"), List.of(PLACED, TURNED, UNPAID, CANCELLED)),
        new Case<>(new RecordUndo(ID, PAYMENT), List.of(PLACED, PAID, TURNED, UNPAID, CANCELLED)),
        new Case<>(new CloseOrder(ID), List.of(PLACED, TURNED, CANCELLED)),
        new Case<>(attention, List.of(PLACED, TURNED, STUCK)),
        new Case<>(attention, List.of(PLACED, TURNED, STUCK, SETTLED)),
        new Case<>(attention, List.of(PLACED, TURNED, STUCK, SETTLED, CANCELLED)),
        new Case<>(
            new FlagForManualReview(ID, HANDOVER, "gone"),
            List.of(PLACED, CONFIRMED, new AttentionNeeded(ID, HANDOVER, "gone"), SHIPPED)));
  }
}
