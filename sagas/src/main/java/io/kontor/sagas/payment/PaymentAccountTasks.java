package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.account.AccountCommand;
import io.kontor.api.account.AccountCommand.AcceptReturn;
import io.kontor.api.account.AccountCommand.CancelHold;
import io.kontor.api.account.AccountCommand.CaptureHold;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentCommand.RecordBooking;
import io.kontor.api.payment.PaymentCommand.RecordHold;
import io.kontor.api.payment.PaymentCommand.RecordHoldRefusal;
import io.kontor.api.payment.PaymentCommand.RecordTrouble;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.sagas.schedule.RetryLaterException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * What the account does about a payment. It knows the payment by an opaque reference only, and is
 * asked for the same thing however often it is asked.
 */
public final class PaymentAccountTasks {
  static final TaskDescriptor<String> HOLD = TaskDescriptor.of("hold-for-payment", String.class);
  static final TaskDescriptor<String> BOOK = TaskDescriptor.of("book-payment", String.class);

  private final SystemCommandSender commands;

  private PaymentAccountTasks(SystemCommandSender commands) {
    this.commands = commands;
  }

  /** The tasks as db-scheduler knows them. */
  public static List<Task<?>> tasks(
      SystemCommandSender commands, ClearingProperties properties, InstantSource clock) {
    var tasks = new PaymentAccountTasks(commands);
    var errand = new PaymentTaskFactory(commands, properties, clock);
    return List.of(
        errand.task(HOLD, tasks::hold, PaymentStage.REQUESTED),
        errand.task(
            BOOK,
            tasks::book,
            PaymentStage.SETTLING,
            PaymentStage.REJECTING,
            PaymentStage.RETURNING));
  }

  private PaymentCommand hold(PaymentId payment, PaymentTaskData work) {
    PaymentTerms terms = work.requireTerms();
    var command =
        new PlaceHold(terms.from(), terms.hold(), terms.amount(), reference(payment), null);
    return switch (ask(work, command)) {
      case CommandOutcome.Refused refused ->
          new RecordHoldRefusal(payment, refused.reason().detail());
      case CommandOutcome.Done _, CommandOutcome.Later _, CommandOutcome.Failed _ ->
          new RecordHold(payment);
    };
  }

  private PaymentCommand book(PaymentId payment, PaymentTaskData work) {
    PaymentTerms terms = work.requireTerms();
    ClearingOutcome outcome = Objects.requireNonNull(work.outcome());
    CommandOutcome answer =
        switch (outcome) {
          case SETTLED -> ask(work, capture(terms));
          case REJECTED -> letGo(work, terms);
          case RETURNED -> work.booked() ? ask(work, comeback(payment, terms)) : letGo(work, terms);
        };
    return switch (answer) {
      case CommandOutcome.Refused refused ->
          new RecordTrouble(
              payment,
              stage(outcome),
              "it is %s, and the account can't follow: %s"
                  .formatted(outcome, refused.reason().detail()));
      case CommandOutcome.Done _, CommandOutcome.Later _, CommandOutcome.Failed _ ->
          new RecordBooking(payment, outcome);
    };
  }

  private CommandOutcome letGo(PaymentTaskData work, PaymentTerms terms) {
    return ask(work, new CancelHold(terms.from(), terms.hold()));
  }

  private static CaptureHold capture(PaymentTerms terms) {
    return new CaptureHold(
        terms.from(), terms.hold(), terms.capture(), null, LedgerAccount.CLEARING);
  }

  private static AcceptReturn comeback(PaymentId payment, PaymentTerms terms) {
    return new AcceptReturn(
        terms.from(), terms.comeback(), terms.amount(), "return of " + reference(payment));
  }

  /** An account that could not be asked is asked again. */
  private CommandOutcome ask(PaymentTaskData work, AccountCommand command) {
    CommandOutcome answer = commands.send(command.account().tenant(), work.correlation(), command);
    if (answer instanceof CommandOutcome.Failed(String error)) {
      throw new RetryLaterException(command.account(), "the account can't be asked: " + error);
    }
    return answer;
  }

  private static PaymentStage stage(ClearingOutcome outcome) {
    return switch (outcome) {
      case SETTLED -> PaymentStage.SETTLING;
      case REJECTED -> PaymentStage.REJECTING;
      case RETURNED -> PaymentStage.RETURNING;
    };
  }

  private static String reference(PaymentId payment) {
    return "payment " + payment.uuid();
  }
}
