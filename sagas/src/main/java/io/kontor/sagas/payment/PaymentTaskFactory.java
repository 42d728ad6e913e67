package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentCommand.RecordTrouble;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.sagas.schedule.RetriedTask;
import io.kontor.sagas.schedule.RetryLaterException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something to do about a payment, again and again until it is done or it is time for a person;
 * then the payment is told.
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

  /** What is done. */
  interface Step {
    /**
     * Does it.
     *
     * @return what the payment is to be told
     * @throws RetryLaterException when it is to be tried again
     */
    PaymentCommand run(PaymentId payment, PaymentTaskData work);
  }

  /**
   * The step as a task that db-scheduler knows.
   *
   * @param stages one of which the payment is in, should the step be given up
   */
  Task<String> task(TaskDescriptor<String> name, Step step, PaymentStage... stages) {
    var attempts = new Attempts(commands, step, List.of(stages));
    return RetriedTask.of(name, properties.backoff(), clock, attempts);
  }

  private record Attempts(SystemCommandSender commands, Step step, List<PaymentStage> stages)
      implements RetriedTask.Attempts {
    @Override
    public void run(String instance, String data) {
      PaymentTaskData work = PaymentTaskData.read(data);
      tell(work.correlation(), step.run(payment(instance), work));
    }

    @Override
    public @Nullable Instant deadline(String data) {
      return PaymentTaskData.read(data).until();
    }

    /** Only the stage that the payment is in counts: whatever the data say, it needs a person. */
    @Override
    public void giveUp(String instance, String data, String why) {
      for (PaymentStage stage : stages) {
        tell(instance, new RecordTrouble(payment(instance), stage, why));
      }
    }

    private void tell(String correlation, PaymentCommand news) {
      CommandOutcome answer = commands.send(news.payment().tenant(), correlation, news);
      if (answer instanceof CommandOutcome.Failed(String error)) {
        throw new RetryLaterException(news.payment(), "it can't be told: " + error);
      }
    }

    /** A task is named by its payment, with or without the version it follows from. */
    private static PaymentId payment(String instance) {
      String[] parts = instance.split("/", -1);
      return PaymentId.parse(parts[0] + "/" + parts[1]);
    }
  }
}
