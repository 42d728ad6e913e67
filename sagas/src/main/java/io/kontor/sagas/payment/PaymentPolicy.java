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
import io.kontor.sagas.schedule.TransactionalJobScheduler;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.jspecify.annotations.Nullable;

/**
 * Whenever something happened to a payment, what is to be done then. Each event leads to a task of
 * its own, so that none stands in another's way.
 */
@ProcessingGroup(PaymentPolicy.PROCESSOR)
public class PaymentPolicy {
  /** The event processor's name. */
  public static final String PROCESSOR = "payment-policies";

  private final TransactionalJobScheduler agenda;
  private final ClearingProperties properties;

  public PaymentPolicy(TransactionalJobScheduler agenda, ClearingProperties properties) {
    this.agenda = agenda;
    this.properties = properties;
  }

  /** Whenever a payment was requested, set its money aside. */
  @EventHandler
  void on(
      PaymentRequested requested,
      @SequenceNumber long version,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    hold(requested.payment(), requested.terms(), version, at, cause);
  }

  /** Whenever money was set aside for one, hand it to the clearing house. */
  @EventHandler
  void on(
      MoneyHeld held,
      @SequenceNumber long version,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    submit(held.payment(), held.terms(), version, at, cause);
  }

  /** Whenever the clearing house took one, see that it tells what became of it. */
  @EventHandler
  void on(
      PaymentSubmitted submitted,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    Instant due = at.plus(properties.answerWithin());
    agenda.put(
        PaymentClearingTasks.INQUIRE
            .instance(submitted.payment().toString())
            .data(PaymentTaskData.until(cause, due.plus(properties.giveUpAfter()), null).written())
            .build(),
        due);
  }

  /** Whenever it is known what became of one, have the account follow, and ask no more. */
  @EventHandler
  void on(
      OutcomeReported reported,
      @SequenceNumber long version,
      @Timestamp Instant at,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    agenda.remove(PaymentClearingTasks.INQUIRE.instanceId(reported.payment().toString()));
    book(
        reported.payment(),
        reported.terms(),
        reported.outcome(),
        reported.booked(),
        version,
        at,
        cause);
  }

  /** Whenever a person wants it tried again, do what it waited for. */
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
        now(
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
        // There is nothing to do; the person has seen it.
      }
    }
  }

  private void hold(
      PaymentId payment, PaymentTerms terms, long version, Instant at, @Nullable String cause) {
    Instant end = at.plus(properties.accountWithin());
    now(PaymentAccountTasks.HOLD, payment, version, at, PaymentTaskData.until(cause, end, terms));
  }

  private void submit(
      PaymentId payment, PaymentTerms terms, long version, Instant at, @Nullable String cause) {
    Instant end = at.plus(properties.submitWithin());
    now(
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
    now(
        PaymentAccountTasks.BOOK,
        payment,
        version,
        at,
        PaymentTaskData.booking(cause, end, terms, outcome, booked));
  }

  private void now(
      TaskDescriptor<String> task,
      PaymentId payment,
      long version,
      Instant at,
      PaymentTaskData work) {
    agenda.putFirst(task.instance(payment + "/" + version).data(work.written()).build(), at);
  }
}
