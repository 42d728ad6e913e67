package io.kontor.sagas.hold;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.kontor.api.account.AccountCommand.ReleaseHold;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.job.BackoffFailureHandler;
import io.kontor.job.RetryLaterException;
import io.kontor.resilience.ExponentialBackoff;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.IdGenerator;
import java.time.Duration;
import org.axonframework.commandhandling.CommandBus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases an expired hold and retries without limit: manual work could do no more than another
 * retry.
 */
public final class ReleaseExpiredHoldTask {
  static final TaskDescriptor<Void> TASK = TaskDescriptor.of("release-expired-hold");

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseExpiredHoldTask.class);
  private static final ExponentialBackoff BACKOFF =
      new ExponentialBackoff(Duration.ofSeconds(2), Duration.ofMinutes(1));

  private final SystemCommandSender commands;

  private ReleaseExpiredHoldTask(SystemCommandSender commands) {
    this.commands = commands;
  }

  /** The db-scheduler task. */
  public static Task<Void> task(CommandBus commands) {
    var release = new ReleaseExpiredHoldTask(new SystemCommandSender(commands));
    return Tasks.oneTime(TASK)
        .onFailure(new BackoffFailureHandler<>(BACKOFF))
        .execute((instance, context) -> release.release(HoldTaskId.parse(instance.getId())));
  }

  private void release(HoldTaskId key) {
    var command = new ReleaseHold(key.account(), key.hold(), HoldReleaseReason.EXPIRED);
    CommandOutcome outcome =
        commands.send(key.account().tenant(), IdGenerator.next().toString(), command);
    switch (outcome) {
      case CommandOutcome.Done _, CommandOutcome.Pending _ -> {
        // The event HoldReleased records it.
      }
      case CommandOutcome.Rejected rejected ->
          LOG.info(
              "hold {} of {} is not to be released: {}",
              key.hold(),
              key.account(),
              rejected.reason().detail());
      case CommandOutcome.Failed failed ->
          throw new RetryLaterException(key.account(), failed.error());
    }
  }
}
