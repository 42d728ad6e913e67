package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentCommand.RecordFailure;
import io.kontor.api.payment.PaymentCommand.RecordOutcome;
import io.kontor.api.payment.PaymentEvent.OutcomeReported;
import io.kontor.api.payment.PaymentEvent.PaymentSubmitted;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.httpclient.CallResult;
import io.kontor.job.RetryLaterException;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.sagas.payment.ClearingHouseClient.Standing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/**
 * Whenever a payment is submitted, the clearing house is asked for its outcome after a while,
 * unless the outcome is reported before. Without one the inquiry is repeated until manual review.
 */
@ProcessingGroup(PaymentPolicy.PROCESSOR)
public class PaymentInquiryPolicy extends PaymentPolicy {
  static final TaskDescriptor<String> INQUIRE = TaskDescriptor.of("inquire-payment", String.class);

  private final ClearingHouseClient clearing;
  private final Duration pause;

  public PaymentInquiryPolicy(
      TransactionalJobScheduler jobs,
      SystemCommandSender commands,
      ClearingHouseClient clearing,
      ClearingProperties properties,
      InstantSource clock) {
    super(
        jobs,
        commands,
        properties,
        clock,
        INQUIRE,
        properties.giveUpAfter(),
        Set.of(PaymentStage.SUBMITTED));
    this.clearing = clearing;
    this.pause = properties.answerWithin();
  }

  @EventHandler
  void on(PaymentSubmitted submitted, DomainEventMessage<?> event) {
    runAt(event.getTimestamp().plus(pause), event, submitted.payment());
  }

  @EventHandler
  void on(OutcomeReported reported) {
    cancel(reported.payment());
  }

  @Override
  PaymentCommand execute(PaymentId payment, PaymentTaskData data) {
    return switch (clearing.inquire(payment)) {
      case CallResult.Done<Standing>(Standing standing) ->
          standing
              .outcome()
              .map(outcome -> new RecordOutcome(payment, outcome, standing.reason()))
              .orElseThrow(
                  () ->
                      new RetryLaterException(
                          "the clearing house has it and does not say what becomes of it"));
      // Submitting it again could pay twice.
      case CallResult.Refused<Standing> rejected when rejected.isUnknown() ->
          new RecordFailure(
              payment,
              PaymentStage.SUBMITTED,
              "the clearing house accepted it, and does not know it any more");
      case CallResult.Refused<Standing> rejected ->
          throw new RetryLaterException("no result of the inquiry: " + rejected.reason());
      case CallResult.Failed<Standing> failed ->
          throw new RetryLaterException("no result of the inquiry: " + failed.detail());
    };
  }
}
