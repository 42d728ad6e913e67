package io.kontor.sagas.hold;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.github.resilience4j.core.IntervalFunction;
import io.kontor.api.account.AccountCommand.ReleaseHold;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.job.BackoffFailureHandler;
import io.kontor.job.TaskProvider;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.IdGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whenever a hold with an expiry time is placed, it is released at that time. The release is
 * retried without limit: manual work could do no more than another retry.
 */
@ProcessingGroup(HoldExpiryPolicy.PROCESSOR)
public class HoldExpiryPolicy implements TaskProvider {
  public static final String PROCESSOR = "hold-expiry";

  /** A task's instance is {@code <tenant>/<account>/<hold>}. */
  static final TaskDescriptor<Void> RELEASE = TaskDescriptor.of("release-expired-hold");

  private static final Logger LOG = LoggerFactory.getLogger(HoldExpiryPolicy.class);
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
  private static final IntervalFunction BACKOFF =
      IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(2), 2, Duration.ofMinutes(1));

  private final TransactionalJobScheduler jobs;
  private final SystemCommandSender commands;

  public HoldExpiryPolicy(TransactionalJobScheduler jobs, SystemCommandSender commands) {
    this.jobs = jobs;
    this.commands = commands;
  }

  @EventHandler
  void on(HoldPlaced placed) {
    Instant expiresAt = placed.expiresAt();
    if (expiresAt != null) {
      // A time that the job table can't store would stop this policy for every tenant.
      jobs.schedule(
          RELEASE.instance(instance(placed.account(), placed.hold())).build(),
          expiresAt.isBefore(LATEST) ? expiresAt : LATEST);
    }
  }

  private void release(AccountId account, UUID hold) {
    commands
        .sendOrRetry(
            account.tenant(),
            IdGenerator.next().toString(),
            new ReleaseHold(account, hold, HoldReleaseReason.EXPIRED),
            "the account")
        .ifPresent(
            rejection ->
                LOG.info(
                    "release of expired hold rejected account={} hold={} reason={}",
                    account,
                    hold,
                    rejection.slug()));
  }

  // Captured or released before: there is nothing to expire.

  @EventHandler
  void on(HoldCaptured captured) {
    cancel(captured.account(), captured.hold());
  }

  @EventHandler
  void on(HoldReleased released) {
    // An expired hold was released by its own task, which needs no cancelling.
    if (released.reason() != HoldReleaseReason.EXPIRED) {
      cancel(released.account(), released.hold());
    }
  }

  /**
   * Does nothing if the hold had no expiry time or its task is running: that task finds nothing to
   * release.
   */
  private void cancel(AccountId account, UUID hold) {
    jobs.cancel(RELEASE.instanceId(instance(account, hold)));
  }

  @Override
  public List<Task<?>> tasks() {
    return List.of(
        Tasks.oneTime(RELEASE)
            .onFailure(new BackoffFailureHandler<>(BACKOFF))
            .execute((task, context) -> releaseInstance(task.getId())));
  }

  private static String instance(AccountId account, UUID hold) {
    return account + "/" + hold;
  }

  private void releaseInstance(String instance) {
    int slash = instance.lastIndexOf('/');
    release(
        AccountId.parse(instance.substring(0, slash)),
        UUID.fromString(instance.substring(slash + 1)));
  }
}
