package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentCommand.RecordFailure;
import io.kontor.api.payment.PaymentEvent.RetryRequested;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.job.RetriedTask;
import io.kontor.job.RetryLaterException;
import io.kontor.job.TaskProvider;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.sagas.command.SystemCommandSender;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

/**
 * One step of a payment: an event schedules its task, which is retried until it succeeds or its
 * time is over. Either result is recorded in the payment. Each event gets its own task, so that
 * none blocks another.
 */
public abstract class PaymentPolicy implements TaskProvider {
  /** Name of the event processor of all payment policies. */
  public static final String PROCESSOR = "payment-policies";

  final SystemCommandSender commands;
  private final TransactionalJobScheduler jobs;
  private final TaskDescriptor<String> task;
  private final Duration within;
  private final Set<PaymentStage> stages;
  private final Task<String> scheduled;

  /**
   * @param within how long the task is retried before manual review
   * @param stages the stages of a payment that waits for this task
   */
  PaymentPolicy(
      TransactionalJobScheduler jobs,
      SystemCommandSender commands,
      ClearingProperties properties,
      InstantSource clock,
      TaskDescriptor<String> task,
      Duration within,
      Set<PaymentStage> stages) {
    this.jobs = jobs;
    this.commands = commands;
    this.task = task;
    this.within = within;
    this.stages = stages;
    this.scheduled = RetriedTask.of(task, properties.backoff(), clock, new Attempts());
  }

  /**
   * Executes one attempt of the step.
   *
   * @return the command that records the result in the payment
   * @throws RetryLaterException when the step has to be retried
   */
  abstract PaymentCommand execute(PaymentId payment, PaymentTaskData data);

  /** An operator wants the payment's step retried. */
  @EventHandler
  void on(RetryRequested retry, DomainEventMessage<?> event) {
    if (stages.contains(retry.stage())) {
      runNow(event, retry.payment(), retry.terms(), retry.outcome(), retry.booked());
    }
  }

  /** Schedules the task to run right after the commit, once for each event. */
  final void runNow(DomainEventMessage<?> event, PaymentId payment, PaymentTerms terms) {
    runNow(event, payment, terms, null, false);
  }

  /**
   * Schedules the task to run right after the commit, once for each event.
   *
   * @param outcome the outcome to book on the account, if it is known
   * @param booked whether the money has left the account
   */
  final void runNow(
      DomainEventMessage<?> event,
      PaymentId payment,
      PaymentTerms terms,
      @Nullable ClearingOutcome outcome,
      boolean booked) {
    Instant now = event.getTimestamp();
    var data = PaymentTaskData.of(event, now.plus(within), terms, outcome, booked);
    String instance = payment + "/" + event.getSequenceNumber();
    jobs.scheduleNow(task.instance(instance).data(data.toJson()).build(), now);
  }

  /** Schedules the task to run later, once for each payment. */
  final void runAt(Instant due, EventMessage<?> event, PaymentId payment) {
    var data = PaymentTaskData.of(event, due.plus(within), null, null, false);
    jobs.schedule(task.instance(payment.toString()).data(data.toJson()).build(), due);
  }

  /** Cancels the task that was to run later; does nothing if it is running or has run. */
  final void cancel(PaymentId payment) {
    jobs.cancel(task.instanceId(payment.toString()));
  }

  @Override
  public final List<Task<?>> tasks() {
    return List.of(scheduled);
  }

  /** The payment of an instance id, which may end in the version of the event. */
  private static PaymentId payment(String instance) {
    String[] parts = instance.split("/", -1);
    return PaymentId.parse(parts[0] + "/" + parts[1]);
  }

  private final class Attempts implements RetriedTask.Attempts {
    @Override
    public void run(String instance, String data) {
      PaymentTaskData taskData = PaymentTaskData.parse(data);
      record(taskData.correlation(), execute(payment(instance), taskData));
    }

    @Override
    public @Nullable Instant deadline(String data) {
      return PaymentTaskData.parse(data).until();
    }

    /**
     * Records the failure for each possible stage: the payment ignores all but its current one.
     * Does not read the data, which may be corrupt.
     */
    @Override
    public void giveUp(String instance, String data, String reason) {
      for (PaymentStage stage : stages) {
        record(instance, new RecordFailure(payment(instance), stage, reason));
      }
    }

    /** A rejection means that the payment has moved on meanwhile. */
    private void record(String correlation, PaymentCommand result) {
      commands.sendOrRetry(result.payment().tenant(), correlation, result, "the payment");
    }
  }
}
