package io.kontor.sagas.payment;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentEvent.MoneyHeld;
import io.kontor.api.payment.PaymentEvent.OutcomeReported;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.payment.PaymentEvent.PaymentSubmitted;
import io.kontor.api.payment.PaymentEvent.RetryRequested;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.job.TransactionalJobScheduler;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.jspecify.annotations.Nullable;

/**
 * Schedules the next task of a payment for each of its events. Each event gets its own task, so
 * that none blocks another.
 */
@ProcessingGroup(PaymentPolicy.PROCESSOR)
public class PaymentPolicy {
  public static final String PROCESSOR = "payment-policies";

  private final TransactionalJobScheduler jobs;
  private final ClearingProperties properties;

  public PaymentPolicy(TransactionalJobScheduler jobs, ClearingProperties properties) {
    this.jobs = jobs;
    this.properties = properties;
  }

  /** Payment requested: place the hold. */
  @EventHandler
  void on(
      PaymentRequested requested,
      @SequenceNumber long version,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    hold(requested.payment(), requested.terms(), version, at, cause);
  }

  /** Hold placed: submit to the clearing house. */
  @EventHandler
  void on(
      MoneyHeld held,
      @SequenceNumber long version,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    submit(held.payment(), held.terms(), version, at, cause);
  }

  /** Submitted: inquire later, unless the outcome is reported before. */
  @EventHandler
  void on(
      PaymentSubmitted submitted,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    Instant due = at.plus(properties.answerWithin());
    jobs.schedule(
        PaymentClearingTasks.INQUIRE
            .instance(submitted.payment().toString())
            .data(PaymentTaskData.until(cause, due.plus(properties.giveUpAfter()), null).written())
            .build(),
        due);
  }

  /** Outcome known: book it on the account and cancel the inquiry. */
  @EventHandler
  void on(
      OutcomeReported reported,
      @SequenceNumber long version,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    jobs.cancel(PaymentClearingTasks.INQUIRE.instanceId(reported.payment().toString()));
    book(
        reported.payment(),
        reported.terms(),
        reported.outcome(),
        reported.booked(),
        version,
        at,
        cause);
  }

  /** Retry requested by an operator: run the task of its stage again. */
  @EventHandler
  void on(
      RetryRequested retry,
      @SequenceNumber long version,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    switch (retry.stage()) {
      case REQUESTED -> hold(retry.payment(), retry.terms(), version, at, cause);
      case HELD -> submit(retry.payment(), retry.terms(), version, at, cause);
      case SUBMITTED -> {
        Instant end = at.plus(properties.giveUpAfter());
        runNow(
            PaymentClearingTasks.INQUIRE,
            retry.payment(),
            version,
            at,
            PaymentTaskData.until(cause, end, null));
      }
      case SETTLING, REJECTING, RETURNING ->
          book(
              retry.payment(),
              retry.terms(),
              Objects.requireNonNull(retry.outcome()),
              retry.booked(),
              version,
              at,
              cause);
      case SETTLED, REJECTED, RETURNED -> {
        // Final: nothing to do.
      }
    }
  }

  private void hold(
      PaymentId payment, PaymentTerms terms, long version, Instant at, @Nullable String cause) {
    Instant end = at.plus(properties.accountWithin());
    runNow(
        PaymentAccountTasks.HOLD, payment, version, at, PaymentTaskData.until(cause, end, terms));
  }

  private void submit(
      PaymentId payment, PaymentTerms terms, long version, Instant at, @Nullable String cause) {
    Instant end = at.plus(properties.submitWithin());
    runNow(
        PaymentClearingTasks.SUBMIT,
        payment,
        version,
        at,
        PaymentTaskData.until(cause, end, terms));
  }

  private void book(
      PaymentId payment,
      PaymentTerms terms,
      ClearingOutcome outcome,
      boolean booked,
      long version,
      Instant at,
      @Nullable String cause) {
    Instant end = at.plus(properties.accountWithin());
    runNow(
        PaymentAccountTasks.BOOK,
        payment,
        version,
        at,
        PaymentTaskData.booking(cause, end, terms, outcome, booked));
  }

  private void runNow(
      TaskDescriptor<String> task,
      PaymentId payment,
      long version,
      Instant at,
      PaymentTaskData taskData) {
    jobs.scheduleNow(task.instance(payment + "/" + version).data(taskData.written()).build(), at);
  }
}
