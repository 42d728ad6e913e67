package io.kontor.sagas.order;

import static java.util.stream.Collectors.toMap;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.kontor.api.order.OrderId;
import io.kontor.sagas.order.OrderSagaTurn.Work;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Wakes the sagas whose pause or deadline has passed, on one node at a time. The times are in the
 * sagas' rows, so one that passed while the bank was down is acted on after the start.
 */
public final class OrderWakeUpJob {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int AT_ONCE = 500;

  private final OrderSagaStore store;
  private final OrderSagaRunner sagas;
  private final InstantSource clock;

  OrderWakeUpJob(OrderSagaStore store, OrderSagaRunner sagas, InstantSource clock) {
    this.store = store;
    this.sagas = sagas;
    this.clock = clock;
  }

  /** The db-scheduler task. */
  public RecurringTask<Void> task() {
    return Tasks.recurring("wake-orders", FixedDelay.of(EVERY))
        .execute((instance, context) -> wake(() -> !context.getSchedulerState().isShuttingDown()));
  }

  /** Wakes all that are due; each of them has a later time or none afterwards. */
  void wake(BooleanSupplier goOn) {
    List<OrderId> due;
    do {
      due = store.due(clock.instant(), AT_ONCE);
      if (!due.isEmpty()) {
        wake(due);
      }
    } while (due.size() == AT_ONCE && goOn.getAsBoolean());
  }

  private void wake(List<OrderId> due) {
    try {
      Map<OrderId, Work> work = due.stream().collect(toMap(order -> order, _ -> new Work.WakeUp()));
      sagas.run(work, () -> {}).commit();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
