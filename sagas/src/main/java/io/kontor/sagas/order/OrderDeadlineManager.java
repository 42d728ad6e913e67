package io.kontor.sagas.order;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.resilience.ExponentialBackoff;
import io.kontor.sagas.schedule.BackoffFailureHandler;
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
 * The dates of processes, kept in the schedule within the transaction that keeps the process, so
 * that neither is without the other.
 */
public final class OrderDeadlineManager extends DbSchedulerDeadlineManager {
  private static final ExponentialBackoff BACKOFF =
      new ExponentialBackoff(Duration.ofSeconds(2), Duration.ofSeconds(30));

  /**
   * Deadlines wait for days: what is stored in them keeps its names, whatever classes are called.
   */
  private static final Map<String, Class<?>> STORED_NAMES =
      Map.of("io.kontor.sagas.order.Errands$Wake", OrderStepGateway.Wake.class);

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

  /** The task as db-scheduler knows it; a date whose process can't be reached now comes again. */
  public static Task<DbSchedulerBinaryDeadlineDetails> task(Supplier<OrderDeadlineManager> dates) {
    Task<DbSchedulerBinaryDeadlineDetails> task = DbSchedulerDeadlineManager.binaryTask(dates::get);
    return Tasks.oneTime(task.getName(), task.getDataClass())
        .onFailure(new BackoffFailureHandler<>(BACKOFF))
        .execute(task::execute);
  }

  /** A date that has come can't be taken back; its process finds that it comes too late. */
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
