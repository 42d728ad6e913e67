package io.kontor.command.standingorder;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountId;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.payment.PaymentCommand.RequestPayment;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.StandingOrderCommand.ExecuteStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.ResumeStandingOrder;
import io.kontor.api.standingorder.StandingOrderResult;
import io.kontor.api.standingorder.StandingOrderTerms;
import io.kontor.api.transfer.TransferMoney;
import io.kontor.command.account.AccountBookings;
import io.kontor.command.payment.PaymentRequester;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Executes due dates. The order's record and the transfer, or the hold and the payment, are events
 * of one unit of work, which one append stores: there is no moment between them at which a node
 * could die. Streams are locked in the order order, accounts, payment, and by no one the other way.
 */
@Component
class StandingOrderExecutionHandler {
  private final Repository<StandingOrder> orders;
  private final AccountBookings accounts;
  private final PaymentRequester payments;
  private final ExecutionCalendar calendar;

  StandingOrderExecutionHandler(
      Repository<StandingOrder> orders,
      AccountBookings accounts,
      PaymentRequester payments,
      ExecutionCalendar calendar) {
    this.orders = orders;
    this.accounts = accounts;
    this.payments = payments;
    this.calendar = calendar;
  }

  @CommandHandler
  StandingOrderResult handle(
      ExecuteStandingOrder command,
      @MetaDataValue(MessageMetadata.SENT_AT) @Nullable String sentAt) {
    Aggregate<StandingOrder> order = orders.load(command.order().toString());
    if (order.invoke(known -> known.isDue(command.dueDate()))) {
      UUID result = command.order().executionOn(command.dueDate());
      String customer = order.invoke(StandingOrder::customer);
      StandingOrderTerms terms = order.invoke(StandingOrder::terms);
      Rejection rejection = move(command, customer, terms, result, sentAt);
      if (rejection == null) {
        order.execute(known -> known.execute(result, following(known)));
      } else {
        order.execute(known -> recordRejection(known, rejection, now(sentAt)));
      }
    }
    return order.invoke(StandingOrder::result);
  }

  @CommandHandler
  StandingOrderResult handle(
      ResumeStandingOrder command,
      @MetaDataValue(MessageMetadata.SENT_AT) @Nullable String sentAt,
      @MetaDataValue(MessageMetadata.EXPECTED_VERSION) @Nullable Number expectedVersion) {
    Aggregate<StandingOrder> order = orders.load(command.order().toString());
    order.execute(known -> known.requireVersion(expectedVersion));
    order.execute(known -> known.requireChangeable(command.onBehalfOf()));
    if (order.invoke(StandingOrder::isPaused)) {
      order.execute(
          known ->
              known.resume(
                  calendar.notBefore(
                      calendar.dateAt(now(sentAt)),
                      known.terms().schedule(),
                      known.next().number())));
    }
    return order.invoke(StandingOrder::result);
  }

  /** Moves the money, or returns why not; then nothing was booked. */
  private @Nullable Rejection move(
      ExecuteStandingOrder command,
      String customer,
      StandingOrderTerms terms,
      UUID result,
      @Nullable String sentAt) {
    try {
      AccountId to = terms.to();
      if (to != null) {
        accounts.transfer(
            new TransferMoney(
                result,
                command.entry(),
                terms.from(),
                to,
                terms.amount(),
                terms.reference(),
                null));
      } else {
        pay(command, customer, terms, result, sentAt);
      }
      return null;
    } catch (RejectedException rejected) {
      return rejected.rejection();
    } catch (AggregateNotFoundException unknown) {
      return new Rejection.Unknown("account");
    }
  }

  /**
   * Everything is checked before anything is applied. The payment's own request for its hold finds
   * it placed.
   */
  private void pay(
      ExecuteStandingOrder command,
      String customer,
      StandingOrderTerms terms,
      UUID payment,
      @Nullable String sentAt) {
    var hold =
        new PlaceHold(terms.from(), command.hold(), terms.amount(), "payment " + payment, null);
    accounts.requireHold(hold, sentAt);
    payments.request(
        new RequestPayment(
            new PaymentId(command.order().tenant(), payment),
            customer,
            terms.amount().currency(),
            new PaymentTerms(
                terms.from(),
                terms.amount(),
                Objects.requireNonNull(terms.creditor()),
                terms.reference(),
                command.hold(),
                command.entry(),
                command.comeback())));
    accounts.hold(hold, sentAt);
  }

  private void recordRejection(StandingOrder order, Rejection rejection, Instant now) {
    Optional<Instant> retryAt =
        rejection instanceof Rejection.InsufficientFunds
            ? calendar.retryAt(now, order.tries() + 1)
            : Optional.empty();
    if (retryAt.isPresent()) {
      order.postpone(retryAt.get(), rejection.detail());
    } else {
      order.fail(rejection.detail(), following(order));
    }
  }

  private Optional<PlannedExecution> following(StandingOrder order) {
    return calendar.execution(order.terms().schedule(), order.next().number() + 1);
  }

  private static Instant now(@Nullable String sentAt) {
    return Instant.parse(Objects.requireNonNull(sentAt, "a command says when it was sent"));
  }
}
