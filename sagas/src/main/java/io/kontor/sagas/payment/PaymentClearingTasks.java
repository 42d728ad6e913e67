package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentCommand.RecordOutcome;
import io.kontor.api.payment.PaymentCommand.RecordSubmission;
import io.kontor.api.payment.PaymentCommand.RecordTrouble;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.job.RetryLaterException;
import io.kontor.resilience.CallResult;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.sagas.payment.ClearingHouseClient.Standing;
import java.time.InstantSource;
import java.util.List;

/**
 * Tasks that submit a payment to the clearing house and inquire about it. A failed call, also for
 * an open circuit breaker, is retried until manual review.
 */
public final class PaymentClearingTasks {
  static final TaskDescriptor<String> SUBMIT = TaskDescriptor.of("submit-payment", String.class);
  static final TaskDescriptor<String> INQUIRE = TaskDescriptor.of("inquire-payment", String.class);

  private final ClearingHouseClient clearing;

  private PaymentClearingTasks(ClearingHouseClient clearing) {
    this.clearing = clearing;
  }

  /** The db-scheduler tasks. */
  public static List<Task<?>> tasks(
      ClearingHouseClient clearing,
      SystemCommandSender commands,
      ClearingProperties properties,
      InstantSource clock) {
    var tasks = new PaymentClearingTasks(clearing);
    var factory = new PaymentTaskFactory(commands, properties, clock);
    return List.of(
        factory.task(SUBMIT, tasks::submit, PaymentStage.HELD),
        factory.task(INQUIRE, tasks::inquire, PaymentStage.SUBMITTED));
  }

  private PaymentCommand submit(PaymentId payment, PaymentTaskData taskData) {
    return switch (clearing.submit(payment, taskData.requireTerms())) {
      case CallResult.Done<Standing> done -> taken(payment, done.body());
      case CallResult.Refused<Standing> refused ->
          new RecordOutcome(payment, ClearingOutcome.REJECTED, refused.reason());
      case CallResult.Failed<Standing> failed ->
          throw new RetryLaterException(payment, "it was not submitted: " + failed.detail());
    };
  }

  /** A repeated submission may return the final outcome. */
  private static PaymentCommand taken(PaymentId payment, Standing standing) {
    return switch (standing.state()) {
      case ACCEPTED -> new RecordSubmission(payment);
      case REFUSED, REJECTED, SETTLED, RETURNED -> outcome(payment, standing);
    };
  }

  private PaymentCommand inquire(PaymentId payment, PaymentTaskData taskData) {
    return switch (clearing.inquire(payment)) {
      case CallResult.Done<Standing> done
          when done.body().state() == ClearingHouseClient.State.ACCEPTED ->
          throw new RetryLaterException(
              payment, "the clearing house has it and does not say what becomes of it");
      case CallResult.Done<Standing> done -> outcome(payment, done.body());
      case CallResult.Refused<Standing> refused when refused.isUnknown() ->
          new RecordTrouble(
              payment,
              PaymentStage.SUBMITTED,
              "the clearing house took it, and does not know it any more");
      case CallResult.Refused<Standing> refused ->
          throw new RetryLaterException(payment, "no news of it: " + refused.reason());
      case CallResult.Failed<Standing> failed ->
          throw new RetryLaterException(payment, "no news of it: " + failed.detail());
    };
  }

  private static PaymentCommand outcome(PaymentId payment, Standing standing) {
    ClearingOutcome outcome =
        switch (standing.state()) {
          case SETTLED -> ClearingOutcome.SETTLED;
          case RETURNED -> ClearingOutcome.RETURNED;
          case REJECTED, REFUSED -> ClearingOutcome.REJECTED;
          case ACCEPTED -> throw new IllegalArgumentException("is no outcome");
        };
    return new RecordOutcome(payment, outcome, standing.reason());
  }
}
