package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentCommand.RecordTrouble;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.job.RetriedTask;
import io.kontor.job.RetryLaterException;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates tasks of a payment that are retried until they succeed or their deadline passes. Either
 * result is recorded in the payment.
 */
final class PaymentTaskFactory {
  private final SystemCommandSender commands;
  private final ClearingProperties properties;
  private final InstantSource clock;

  PaymentTaskFactory(
      SystemCommandSender commands, ClearingProperties properties, InstantSource clock) {
    this.commands = commands;
    this.properties = properties;
    this.clock = clock;
  }

  /** One attempt. */
  interface Step {
    /**
     * Executes the step.
     *
     * @return the command that records the result in the payment
     * @throws RetryLaterException when the step has to be retried
     */
    PaymentCommand run(PaymentId payment, PaymentTaskData taskData);
  }

  /**
   * The db-scheduler task of a step.
   *
   * @param stages the stages that the payment can be in when the step is given up
   */
  Task<String> task(TaskDescriptor<String> name, Step step, PaymentStage... stages) {
    var attempts = new Attempts(commands, step, List.of(stages));
    return RetriedTask.of(name, properties.backoff(), clock, attempts);
  }

  private record Attempts(SystemCommandSender commands, Step step, List<PaymentStage> stages)
      implements RetriedTask.Attempts {
    @Override
    public void run(String instance, String data) {
      PaymentTaskData taskData = PaymentTaskData.read(data);
      send(taskData.correlation(), step.run(payment(instance), taskData));
    }

    @Override
    public @Nullable Instant deadline(String data) {
      return PaymentTaskData.read(data).until();
    }

    /**
     * Records the failure for each possible stage: the payment ignores all but its current one.
     * Does not read the data, which may be corrupt.
     */
    @Override
    public void giveUp(String instance, String data, String why) {
      for (PaymentStage stage : stages) {
        send(instance, new RecordTrouble(payment(instance), stage, why));
      }
    }

    private void send(String correlation, PaymentCommand command) {
      CommandOutcome outcome = commands.send(command.payment().tenant(), correlation, command);
      if (outcome instanceof CommandOutcome.Failed(String error)) {
        throw new RetryLaterException(command.payment(), "it can't be told: " + error);
      }
    }

    /** The payment of an instance id, which may end in the version of the event. */
    private static PaymentId payment(String instance) {
      String[] parts = instance.split("/", -1);
      return PaymentId.parse(parts[0] + "/" + parts[1]);
    }
  }
}
