package io.kontor.sagas.holds;

import com.github.kagkarlsson.scheduler.task.FailureHandler.ExponentialBackoffFailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.kontor.api.Ids;
import io.kontor.api.Metadata;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.ReleaseHold;
import io.kontor.api.account.HoldRelease;
import io.kontor.tenancy.Tenancy;
import java.time.Duration;
import java.util.Map;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Releases a hold whose time has come, and tries again for as long as that fails. */
public final class ReleaseExpiredHold {
  static final TaskDescriptor<Void> TASK = TaskDescriptor.of("release-expired-hold");

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseExpiredHold.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final String ACTOR = "system";

  private final CommandBus commands;

  private ReleaseExpiredHold(CommandBus commands) {
    this.commands = commands;
  }

  /** The task as db-scheduler knows it. */
  public static Task<Void> task(CommandBus commands) {
    var release = new ReleaseExpiredHold(commands);
    return Tasks.oneTime(TASK)
        .onFailure(new ExponentialBackoffFailureHandler<>(FIRST_RETRY))
        .execute((instance, context) -> release.release(HoldKey.parse(instance.getId())));
  }

  private void release(HoldKey key) {
    var command = new ReleaseHold(key.account(), key.hold(), HoldRelease.EXPIRED);
    Map<String, ?> metadata =
        Map.of(Metadata.ACTOR, ACTOR, Metadata.CORRELATION_ID, Ids.next().toString());
    var result = new FutureCallback<ReleaseHold, Object>();
    Tenancy.run(
        key.account().tenant(),
        () -> commands.dispatch(new GenericCommandMessage<>(command, metadata), result));
    var answer = result.getResult();
    if (!answer.isExceptional()) {
      return;
    }
    if (answer.exceptionResult() instanceof CommandExecutionException refused
        && refused.getDetails().orElse(null) instanceof Rejection) {
      LOG.info(
          "hold {} of {} is not to be released: {}",
          key.hold(),
          key.account(),
          refused.getMessage());
      return;
    }
    throw new IllegalStateException("the hold is not released yet", answer.exceptionResult());
  }
}
