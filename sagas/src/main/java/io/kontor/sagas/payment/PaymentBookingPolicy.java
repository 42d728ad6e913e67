package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.account.AccountCommand;
import io.kontor.api.account.AccountCommand.BookReturnedPayment;
import io.kontor.api.account.AccountCommand.CancelHold;
import io.kontor.api.account.AccountCommand.CaptureHold;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentCommand.RecordBooking;
import io.kontor.api.payment.PaymentCommand.RecordFailure;
import io.kontor.api.payment.PaymentEvent.OutcomeReported;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.sagas.command.SystemCommandSender;
import java.time.InstantSource;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/**
 * Whenever the outcome of a payment is reported, it is booked on the account: a settlement captures
 * the hold, a rejection cancels it, and a return cancels it or, after the capture, books the money
 * back. If the account rejects that, an operator decides.
 */
@ProcessingGroup(PaymentPolicy.PROCESSOR)
public class PaymentBookingPolicy extends PaymentPolicy {
  static final TaskDescriptor<String> BOOK = TaskDescriptor.of("book-payment", String.class);

  public PaymentBookingPolicy(
      TransactionalJobScheduler jobs,
      SystemCommandSender commands,
      ClearingProperties properties,
      InstantSource clock) {
    super(
        jobs,
        commands,
        properties,
        clock,
        BOOK,
        properties.accountWithin(),
        Set.of(PaymentStage.SETTLING, PaymentStage.REJECTING, PaymentStage.RETURNING));
  }

  @EventHandler
  void on(OutcomeReported reported, DomainEventMessage<?> event) {
    runNow(event, reported.payment(), reported.terms(), reported.outcome(), reported.booked());
  }

  @Override
  PaymentCommand execute(PaymentId payment, PaymentTaskData data) {
    ClearingOutcome outcome = data.requireOutcome();
    AccountCommand booking = booking(payment, data.requireTerms(), outcome, data.booked());
    return commands
        .sendOrRetry(payment.tenant(), data.correlation(), booking, "the account")
        .<PaymentCommand>map(
            rejection ->
                new RecordFailure(
                    payment,
                    stage(outcome),
                    "it is %s, and the account rejected the booking: %s"
                        .formatted(outcome, rejection.detail())))
        .orElseGet(() -> new RecordBooking(payment, outcome));
  }

  private static AccountCommand booking(
      PaymentId payment, PaymentTerms terms, ClearingOutcome outcome, boolean booked) {
    var cancelHold = new CancelHold(terms.from(), terms.hold());
    return switch (outcome) {
      case SETTLED ->
          new CaptureHold(
              terms.from(), terms.hold(), terms.capture(), null, LedgerAccount.CLEARING);
      case REJECTED -> cancelHold;
      case RETURNED ->
          booked
              ? new BookReturnedPayment(
                  terms.from(),
                  terms.comeback(),
                  terms.amount(),
                  "return of payment " + payment.uuid())
              : cancelHold;
    };
  }

  private static PaymentStage stage(ClearingOutcome outcome) {
    return switch (outcome) {
      case SETTLED -> PaymentStage.SETTLING;
      case REJECTED -> PaymentStage.REJECTING;
      case RETURNED -> PaymentStage.RETURNING;
    };
  }
}
