package io.kontor.sagas.order;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.github.resilience4j.core.IntervalFunction;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.job.BackoffFailureHandler;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurationScopeAwareProvider;
import org.axonframework.deadline.dbscheduler.DbSchedulerBinaryDeadlineDetails;
import org.axonframework.deadline.dbscheduler.DbSchedulerDeadlineManager;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

/**
 * Stores the deadlines of order sagas as db-scheduler tasks, in the same transaction as the saga.
 */
public final class OrderDeadlineManager extends DbSchedulerDeadlineManager {
  private static final IntervalFunction BACKOFF =
      IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(2), 2, Duration.ofSeconds(30));

  /**
   * Stored type names of deadline payloads. Deadlines wait for days, so they must stay readable
   * when a class is renamed.
   */
  private static final Map<String, Class<?>> STORED_NAMES =
      Map.of("io.kontor.sagas.order.Errands$Wake", OrderStepGateway.StepDeadline.class);

  /**
   * @param scheduler of a data source that takes part in {@code transactions}
   */
  public OrderDeadlineManager(
      Scheduler scheduler, Configuration axon, TransactionManager transactions) {
    super(
        DbSchedulerDeadlineManager.builder()
            .scheduler(scheduler)
            .scopeAwareProvider(new ConfigurationScopeAwareProvider(axon))
            .serializer(serializer())
            .transactionManager(transactions)
            .startScheduler(false)
            .stopScheduler(false));
  }

  static Serializer serializer() {
    return NamedTypeSerializer.of(Jackson3Serializer.builder(), STORED_NAMES);
  }

  /** The db-scheduler task; a deadline that its saga can't handle now is retried. */
  public static Task<DbSchedulerBinaryDeadlineDetails> task(
      Supplier<OrderDeadlineManager> deadlines) {
    Task<DbSchedulerBinaryDeadlineDetails> task =
        DbSchedulerDeadlineManager.binaryTask(deadlines::get);
    return Tasks.oneTime(task.getName(), task.getDataClass())
        .onFailure(new BackoffFailureHandler<>(BACKOFF))
        .execute(task::execute);
  }

  /**
   * A deadline that is already running can't be cancelled; the saga then ignores it as outdated.
   */
  @Override
  protected void runOnPrepareCommitOrNow(Runnable change) {
    super.runOnPrepareCommitOrNow(
        () -> {
          try {
            change.run();
          } catch (TaskInstanceCurrentlyExecutingException tooLate) {
            return;
          }
        });
  }
}
