package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentCommand.RecordOutcome;
import io.kontor.api.payment.PaymentCommand.RecordSubmission;
import io.kontor.api.payment.PaymentEvent.MoneyHeld;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.httpclient.CallResult;
import io.kontor.job.RetryLaterException;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.sagas.payment.ClearingHouseClient.Standing;
import java.time.InstantSource;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/**
 * Whenever a payment's amount is held, the payment is submitted to the clearing house. A failed
 * call, also for an open circuit breaker, is retried until manual review. Only a rejection, its
 * status 422, rejects the payment.
 */
@ProcessingGroup(PaymentPolicy.PROCESSOR)
public class PaymentSubmissionPolicy extends PaymentPolicy {
  static final TaskDescriptor<String> SUBMIT = TaskDescriptor.of("submit-payment", String.class);

  private final ClearingHouseClient clearing;

  public PaymentSubmissionPolicy(
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
        SUBMIT,
        properties.submitWithin(),
        Set.of(PaymentStage.HELD));
    this.clearing = clearing;
  }

  @EventHandler
  void on(MoneyHeld held, DomainEventMessage<?> event) {
    runNow(event, held.payment(), held.terms());
  }

  @Override
  PaymentCommand execute(PaymentId payment, PaymentTaskData data) {
    return switch (clearing.submit(payment, data.requireTerms())) {
      // A repeated submission may return the final outcome.
      case CallResult.Done<Standing>(Standing standing) ->
          standing
              .outcome()
              .<PaymentCommand>map(
                  outcome -> new RecordOutcome(payment, outcome, standing.reason()))
              .orElseGet(() -> new RecordSubmission(payment));
      case CallResult.Refused<Standing> rejected ->
          new RecordOutcome(payment, ClearingOutcome.REJECTED, rejected.reason());
      case CallResult.Failed<Standing> failed ->
          throw new RetryLaterException("it was not submitted: " + failed.detail());
    };
  }
}
