package io.kontor.sagas.standingorder;

import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionFailed;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionPostponed;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderCreated;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderExecuted;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderResumed;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.job.queue.JobQueue;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;

/**
 * Whenever a standing order has a next execution, there is a job for it, enqueued in the
 * transaction that stores the processor's token. The next one follows from the event of the one
 * before, so days that were missed are executed in order. Paused and cancelled orders ignore their
 * job.
 */
@ProcessingGroup(StandingOrderPolicy.PROCESSOR)
public class StandingOrderPolicy {
  public static final String PROCESSOR = "standing-order-jobs";

  private final JobQueue jobs;

  public StandingOrderPolicy(JobQueue jobs) {
    this.jobs = jobs;
  }

  @EventHandler
  void on(StandingOrderCreated created) {
    enqueue(created.order(), created.next());
  }

  @EventHandler
  void on(StandingOrderExecuted executed) {
    enqueue(executed.order(), executed.next());
  }

  @EventHandler
  void on(ExecutionFailed failed) {
    enqueue(failed.order(), failed.next());
  }

  @EventHandler
  void on(StandingOrderResumed resumed) {
    enqueue(resumed.order(), resumed.next());
  }

  @EventHandler
  void on(ExecutionPostponed postponed) {
    enqueue(postponed.order(), postponed.execution(), postponed.retryAt());
  }

  private void enqueue(StandingOrderId order, @Nullable PlannedExecution execution) {
    if (execution != null) {
      enqueue(order, execution, execution.at());
    }
  }

  private void enqueue(StandingOrderId order, PlannedExecution execution, Instant at) {
    jobs.enqueue(
        order.tenant(),
        StandingOrderJob.request(
            new StandingOrderJob.Arguments(order.uuid(), execution.dueDate(), at)));
  }
}
