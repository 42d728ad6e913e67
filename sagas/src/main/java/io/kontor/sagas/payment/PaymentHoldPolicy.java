package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentCommand.RecordHold;
import io.kontor.api.payment.PaymentCommand.RecordHoldRefusal;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
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
 * Whenever a payment is requested, its amount is held on the account. {@link PaymentBookingPolicy}
 * undoes it, if the payment is rejected later.
 */
@ProcessingGroup(PaymentPolicy.PROCESSOR)
public class PaymentHoldPolicy extends PaymentPolicy {
  static final TaskDescriptor<String> HOLD = TaskDescriptor.of("hold-for-payment", String.class);

  public PaymentHoldPolicy(
      TransactionalJobScheduler jobs,
      SystemCommandSender commands,
      ClearingProperties properties,
      InstantSource clock) {
    super(
        jobs,
        commands,
        properties,
        clock,
        HOLD,
        properties.accountWithin(),
        Set.of(PaymentStage.REQUESTED));
  }

  @EventHandler
  void on(PaymentRequested requested, DomainEventMessage<?> event) {
    runNow(event, requested.payment(), requested.terms());
  }

  /** The account receives only an opaque reference; a retry sends the same command. */
  @Override
  PaymentCommand execute(PaymentId payment, PaymentTaskData data) {
    PaymentTerms terms = data.requireTerms();
    var hold =
        new PlaceHold(
            terms.from(), terms.hold(), terms.amount(), "payment " + payment.uuid(), null);
    return commands
        .sendOrRetry(payment.tenant(), data.correlation(), hold, "the account")
        .<PaymentCommand>map(rejection -> new RecordHoldRefusal(payment, rejection.detail()))
        .orElseGet(() -> new RecordHold(payment));
  }
}
