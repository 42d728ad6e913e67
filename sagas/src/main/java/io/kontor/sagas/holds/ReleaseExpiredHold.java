package io.kontor.sagas.holds;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.kontor.api.Ids;
import io.kontor.api.account.AccountCommand.ReleaseHold;
import io.kontor.api.account.HoldRelease;
import io.kontor.resilience.Backoff;
import io.kontor.sagas.commands.Answer;
import io.kontor.sagas.commands.Commands;
import io.kontor.sagas.schedule.ComeBack;
import io.kontor.sagas.schedule.NotYet;
import java.time.Duration;
import org.axonframework.commandhandling.CommandBus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases a hold whose time has come, and tries again for as long as that fails: there is no other
 * end for it, and a person could do no more.
 */
public final class ReleaseExpiredHold {
  static final TaskDescriptor<Void> TASK = TaskDescriptor.of("release-expired-hold");

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseExpiredHold.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1));

  private final Commands commands;

  private ReleaseExpiredHold(Commands commands) {
    this.commands = commands;
  }

  /** The task as db-scheduler knows it. */
  public static Task<Void> task(CommandBus commands) {
    var release = new ReleaseExpiredHold(new Commands(commands));
    return Tasks.oneTime(TASK)
        .onFailure(new ComeBack<>(BACKOFF))
        .execute((instance, context) -> release.release(HoldKey.parse(instance.getId())));
  }

  private void release(HoldKey key) {
    var command = new ReleaseHold(key.account(), key.hold(), HoldRelease.EXPIRED);
    Answer answer = commands.send(key.account().tenant(), Ids.next().toString(), command);
    switch (answer) {
      case Answer.Done _, Answer.Later _ -> {
        // Its event tells.
      }
      case Answer.Refused refused ->
          LOG.info(
              "hold {} of {} is not to be released: {}",
              key.hold(),
              key.account(),
              refused.reason().detail());
      case Answer.Failed failed -> throw new NotYet(key.account(), failed.error());
    }
  }
}
