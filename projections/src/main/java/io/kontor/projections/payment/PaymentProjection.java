package io.kontor.projections.payment;

import static io.kontor.projections.tables.Tables.PAYMENT;
import static io.kontor.projections.tables.Tables.PAYMENT_HAPPENING;
import static java.util.Objects.requireNonNullElse;

import io.kontor.api.payment.PaymentEvent;
import io.kontor.api.payment.PaymentEvent.AttentionEnded;
import io.kontor.api.payment.PaymentEvent.AttentionNeeded;
import io.kontor.api.payment.PaymentEvent.MoneyHeld;
import io.kontor.api.payment.PaymentEvent.OutcomeReported;
import io.kontor.api.payment.PaymentEvent.PaymentRejected;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.payment.PaymentEvent.PaymentReturned;
import io.kontor.api.payment.PaymentEvent.PaymentSettled;
import io.kontor.api.payment.PaymentEvent.PaymentSubmitted;
import io.kontor.api.payment.PaymentEvent.RetryRequested;
import io.kontor.api.payment.PaymentEvent.ReturnAnnounced;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChange;
import io.kontor.projection.RowChanges;
import java.util.List;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** One row per payment with its current state, and one per entry of its history. */
public final class PaymentProjection implements Projection<PaymentEvent> {
  /** The projection's name. */
  public static final String NAME = "payments";

  private static final String NO_REASON = "";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<PaymentEvent> events() {
    return PaymentEvent.class;
  }

  @Override
  public List<Table<?>> tables() {
    return List.of(PAYMENT, PAYMENT_HAPPENING);
  }

  @Override
  public void project(PaymentEvent event, EventContext recorded, RowChanges changes) {
    RowChange payment =
        event instanceof PaymentRequested requested
            ? request(requested, recorded, changes)
            : changes.update(PAYMENT, event.payment().uuid());
    payment.set(PAYMENT.VERSION, recorded.version());
    Seen visible = Seen.of(event);
    if (visible.status() != null) {
      payment.set(PAYMENT.STATUS, visible.status().name());
      addToHistory(visible.status(), visible.reason(), event, recorded, changes);
    }
    // ReturnAnnounced changes neither the visible state nor the manual review flag.
    if (!(event instanceof ReturnAnnounced)) {
      payment
          .set(PAYMENT.REASON, requireNonNullElse(visible.reason(), NO_REASON))
          .set(PAYMENT.NEEDS_ATTENTION, event instanceof AttentionNeeded);
    }
  }

  /**
   * What an event changes in the visible state.
   *
   * @param status the status after the event, for an entry in the history; null for no entry
   */
  private record Seen(@Nullable PaymentStatus status, @Nullable String reason) {
    static Seen of(PaymentEvent event) {
      return switch (event) {
        case PaymentRequested _ -> new Seen(PaymentStatus.REQUESTED, null);
        case PaymentSubmitted _ -> new Seen(PaymentStatus.SUBMITTED, null);
        case PaymentSettled _ -> new Seen(PaymentStatus.SETTLED, null);
        case PaymentRejected e -> new Seen(PaymentStatus.REJECTED, e.reason());
        case PaymentReturned e -> new Seen(PaymentStatus.RETURNED, e.reason());
        case AttentionNeeded e -> new Seen(e.status(), e.reason());
        case AttentionEnded e -> new Seen(null, e.reason());
        case MoneyHeld _, OutcomeReported _, ReturnAnnounced _, RetryRequested _ ->
            new Seen(null, null);
      };
    }
  }

  private static RowChange request(
      PaymentRequested requested, EventContext recorded, RowChanges changes) {
    var terms = requested.terms();
    return changes
        .insert(PAYMENT, requested.payment().uuid())
        .set(PAYMENT.FROM_ACCOUNT, terms.from().uuid())
        .set(PAYMENT.CUSTOMER, requested.customer())
        .set(PAYMENT.CREDITOR, terms.creditor().stored())
        .set(PAYMENT.AMOUNT, terms.amount().minorUnits())
        .set(PAYMENT.CURRENCY, terms.amount().currency().getCurrencyCode())
        .set(PAYMENT.REFERENCE, terms.reference())
        .set(PAYMENT.REQUESTED_AT, recorded.recordedAt());
  }

  private static void addToHistory(
      PaymentStatus status,
      @Nullable String reason,
      PaymentEvent event,
      EventContext recorded,
      RowChanges changes) {
    RowChange entry =
        changes
            .insert(PAYMENT_HAPPENING, event.payment().uuid(), recorded.version())
            .set(PAYMENT_HAPPENING.HAPPENED_AT, recorded.recordedAt())
            .set(PAYMENT_HAPPENING.STATUS, status.name());
    if (reason != null) {
      entry.set(PAYMENT_HAPPENING.REASON, reason);
    }
  }
}
