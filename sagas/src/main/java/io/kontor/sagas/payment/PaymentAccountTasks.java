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
import io.kontor.job.RetryLaterException;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * Tasks that place, capture and cancel a payment's hold on the account, or book its return. The
 * account receives only an opaque reference; a retry sends the same command.
 */
public final class PaymentAccountTasks {
  static final TaskDescriptor<String> HOLD = TaskDescriptor.of("hold-for-payment", String.class);
  static final TaskDescriptor<String> BOOK = TaskDescriptor.of("book-payment", String.class);

  private final SystemCommandSender commands;

  private PaymentAccountTasks(SystemCommandSender commands) {
    this.commands = commands;
  }

  /** The db-scheduler tasks. */
  public static List<Task<?>> tasks(
      SystemCommandSender commands, ClearingProperties properties, InstantSource clock) {
    var tasks = new PaymentAccountTasks(commands);
    var factory = new PaymentTaskFactory(commands, properties, clock);
    return List.of(
        factory.task(HOLD, tasks::hold, PaymentStage.REQUESTED),
        factory.task(
            BOOK,
            tasks::book,
            PaymentStage.SETTLING,
            PaymentStage.REJECTING,
            PaymentStage.RETURNING));
  }

  private PaymentCommand hold(PaymentId payment, PaymentTaskData taskData) {
    PaymentTerms terms = taskData.requireTerms();
    var command =
        new PlaceHold(terms.from(), terms.hold(), terms.amount(), reference(payment), null);
    return switch (send(taskData, command)) {
      case CommandOutcome.Rejected rejected ->
          new RecordHoldRefusal(payment, rejected.reason().detail());
      case CommandOutcome.Done _, CommandOutcome.Pending _, CommandOutcome.Failed _ ->
          new RecordHold(payment);
    };
  }

  private PaymentCommand book(PaymentId payment, PaymentTaskData taskData) {
    PaymentTerms terms = taskData.requireTerms();
    ClearingOutcome outcome = Objects.requireNonNull(taskData.outcome());
    CommandOutcome result =
        switch (outcome) {
          case SETTLED -> send(taskData, capture(terms));
          case REJECTED -> cancelHold(taskData, terms);
          case RETURNED ->
              taskData.booked()
                  ? send(taskData, bookReturn(payment, terms))
                  : cancelHold(taskData, terms);
        };
    return switch (result) {
      case CommandOutcome.Rejected rejected ->
          new RecordTrouble(
              payment,
              stage(outcome),
              "it is %s, and the account can't follow: %s"
                  .formatted(outcome, rejected.reason().detail()));
      case CommandOutcome.Done _, CommandOutcome.Pending _, CommandOutcome.Failed _ ->
          new RecordBooking(payment, outcome);
    };
  }

  private CommandOutcome cancelHold(PaymentTaskData taskData, PaymentTerms terms) {
    return send(taskData, new CancelHold(terms.from(), terms.hold()));
  }

  private static CaptureHold capture(PaymentTerms terms) {
    return new CaptureHold(
        terms.from(), terms.hold(), terms.capture(), null, LedgerAccount.CLEARING);
  }

  private static AcceptReturn bookReturn(PaymentId payment, PaymentTerms terms) {
    return new AcceptReturn(
        terms.from(), terms.comeback(), terms.amount(), "return of " + reference(payment));
  }

  /** Sends a command; a failure is retried. */
  private CommandOutcome send(PaymentTaskData taskData, AccountCommand command) {
    CommandOutcome result =
        commands.send(command.account().tenant(), taskData.correlation(), command);
    if (result instanceof CommandOutcome.Failed(String error)) {
      throw new RetryLaterException(command.account(), "the account can't be asked: " + error);
    }
    return result;
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
