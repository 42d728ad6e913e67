package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentId;
import io.kontor.sagas.commands.Answer;
import io.kontor.sagas.commands.Commands;
import io.kontor.sagas.schedule.ComeBack;
import io.kontor.sagas.schedule.NotYet;

/** Something to do about a payment, again and again until it is done; then the payment is told. */
final class Errand {
  private final Commands commands;
  private final ClearingProperties properties;

  Errand(Commands commands, ClearingProperties properties) {
    this.commands = commands;
    this.properties = properties;
  }

  /** What is done. */
  interface Step {
    /**
     * Does it.
     *
     * @return what the payment is to be told
     * @throws NotYet when it is to be tried again
     */
    PaymentCommand run(PaymentId payment, Work work);
  }

  /** The step as a task that db-scheduler knows. */
  Task<String> task(TaskDescriptor<String> name, Step step) {
    return Tasks.oneTime(name)
        .onFailure(new ComeBack<>(properties.backoff()))
        .execute(
            (instance, context) -> {
              Work work = Work.read(instance.getData());
              tell(work, step.run(payment(instance.getId()), work));
            });
  }

  private void tell(Work work, PaymentCommand news) {
    Answer answer = commands.send(news.payment().tenant(), work.correlation(), news);
    if (answer instanceof Answer.Failed(String error)) {
      throw new NotYet("payment %s can't be told: %s".formatted(news.payment(), error));
    }
  }

  /** A task is named by its payment, with or without the version it follows from. */
  private static PaymentId payment(String instance) {
    String[] parts = instance.split("/", -1);
    return PaymentId.parse(parts[0] + "/" + parts[1]);
  }
}
