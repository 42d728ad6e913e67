package io.kontor.projections.standingorder;

import static io.kontor.projections.tables.Tables.STANDING_ORDER;
import static io.kontor.projections.tables.Tables.STANDING_ORDER_EXECUTION;

import io.kontor.api.standingorder.ExecutionOutcome;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.Schedule;
import io.kontor.api.standingorder.StandingOrderEvent;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionFailed;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionPostponed;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderCancelled;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderCreated;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderExecuted;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderPaused;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderResumed;
import io.kontor.api.standingorder.StandingOrderStatus;
import io.kontor.api.standingorder.StandingOrderTerms;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChange;
import io.kontor.projection.RowChanges;
import java.util.List;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** One row per standing order with its current state, and one per attempt at a due date. */
public final class StandingOrderProjection implements Projection<StandingOrderEvent> {
  /** The projection's name. */
  public static final String NAME = "standing-orders";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<StandingOrderEvent> events() {
    return StandingOrderEvent.class;
  }

  @Override
  public List<Table<?>> tables() {
    return List.of(STANDING_ORDER, STANDING_ORDER_EXECUTION);
  }

  @Override
  public void project(StandingOrderEvent event, EventContext recorded, RowChanges changes) {
    RowChange order =
        event instanceof StandingOrderCreated created
            ? create(created, recorded, changes)
            : changes.update(STANDING_ORDER, event.order().uuid());
    order.set(STANDING_ORDER.VERSION, recorded.version());
    switch (event) {
      case StandingOrderCreated created -> goOn(order, created.next());
      case StandingOrderExecuted executed -> {
        attempt(event, executed.execution(), ExecutionOutcome.EXECUTED, recorded, changes)
            .set(STANDING_ORDER_EXECUTION.RESULT_ID, executed.result());
        goOn(order, executed.next());
      }
      case ExecutionPostponed postponed ->
          attempt(event, postponed.execution(), ExecutionOutcome.POSTPONED, recorded, changes)
              .set(STANDING_ORDER_EXECUTION.REASON, postponed.reason())
              .set(STANDING_ORDER_EXECUTION.RETRY_AT, postponed.retryAt());
      case ExecutionFailed failed -> {
        attempt(event, failed.execution(), ExecutionOutcome.FAILED, recorded, changes)
            .set(STANDING_ORDER_EXECUTION.REASON, failed.reason());
        goOn(order, failed.next());
      }
      case StandingOrderPaused _ -> status(order, StandingOrderStatus.PAUSED);
      case StandingOrderResumed resumed -> goOn(order, resumed.next());
      case StandingOrderCancelled _ -> status(order, StandingOrderStatus.CANCELLED);
    }
  }

  private static RowChange create(
      StandingOrderCreated created, EventContext recorded, RowChanges changes) {
    StandingOrderTerms terms = created.terms();
    Schedule schedule = terms.schedule();
    RowChange order =
        changes
            .insert(STANDING_ORDER, created.order().uuid())
            .set(STANDING_ORDER.CUSTOMER, created.customer())
            .set(STANDING_ORDER.FROM_ACCOUNT, terms.from().uuid())
            .set(STANDING_ORDER.AMOUNT, terms.amount().minorUnits())
            .set(STANDING_ORDER.CURRENCY, terms.amount().currency().getCurrencyCode())
            .set(STANDING_ORDER.REFERENCE, terms.reference())
            .set(STANDING_ORDER.FIRST_DAY, schedule.first())
            .set(STANDING_ORDER.RHYTHM, schedule.rhythm().name())
            .set(STANDING_ORDER.BUSINESS_DAY_RULE, schedule.businessDayRule().name())
            .set(STANDING_ORDER.CALENDAR, schedule.calendar())
            .set(STANDING_ORDER.CREATED_AT, recorded.recordedAt());
    setIfGiven(order, STANDING_ORDER.TO_ACCOUNT, terms.to() == null ? null : terms.to().uuid());
    setIfGiven(
        order,
        STANDING_ORDER.CREDITOR,
        terms.creditor() == null ? null : terms.creditor().stored());
    setIfGiven(order, STANDING_ORDER.DAY_OF_MONTH, schedule.dayOfMonth());
    setIfGiven(order, STANDING_ORDER.UNTIL_DAY, schedule.until());
    setIfGiven(order, STANDING_ORDER.DUE_DATES, schedule.count());
    return order;
  }

  private static <T> void setIfGiven(RowChange row, Field<T> column, @Nullable T value) {
    if (value != null) {
      row.set(column, value);
    }
  }

  private static void goOn(RowChange order, @Nullable PlannedExecution next) {
    if (next == null) {
      status(order, StandingOrderStatus.ENDED);
    } else {
      status(order, StandingOrderStatus.ACTIVE)
          .set(STANDING_ORDER.NEXT_DUE_DATE, next.dueDate())
          .set(STANDING_ORDER.NEXT_VALUE_DATE, next.valueDate());
    }
  }

  private static RowChange status(RowChange order, StandingOrderStatus status) {
    return order.set(STANDING_ORDER.STATUS, status.name());
  }

  private static RowChange attempt(
      StandingOrderEvent event,
      PlannedExecution execution,
      ExecutionOutcome outcome,
      EventContext recorded,
      RowChanges changes) {
    return changes
        .insert(STANDING_ORDER_EXECUTION, event.order().uuid(), recorded.version())
        .set(STANDING_ORDER_EXECUTION.DUE_DATE, execution.dueDate())
        .set(STANDING_ORDER_EXECUTION.VALUE_DATE, execution.valueDate())
        .set(STANDING_ORDER_EXECUTION.TRIED_AT, recorded.recordedAt())
        .set(STANDING_ORDER_EXECUTION.OUTCOME, outcome.name());
  }
}
