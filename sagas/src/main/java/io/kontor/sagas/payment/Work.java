package io.kontor.sagas.payment;

import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.sagas.schedule.TaskSpans;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a task needs to know; nothing of it changes while the task is tried again.
 *
 * @param traceParent what it continues, see {@link TaskSpans}
 * @param terms none, where they don't matter
 * @param until when a person is needed instead; earlier versions wrote none for some tasks
 * @param outcome what the account has to follow
 * @param booked whether the money has left the account
 */
record Work(
    String correlation,
    @Nullable String traceParent,
    @Nullable PaymentTerms terms,
    @Nullable Instant until,
    @Nullable ClearingOutcome outcome,
    boolean booked) {
  private static final JsonMapper JSON = new JsonMapper();

  static Work until(@Nullable String cause, Instant end, @Nullable PaymentTerms terms) {
    return work(cause, terms, end, null, false);
  }

  static Work booking(
      @Nullable String cause,
      Instant end,
      PaymentTerms terms,
      ClearingOutcome outcome,
      boolean booked) {
    return work(cause, terms, end, outcome, booked);
  }

  static Work read(String json) {
    return JSON.readValue(json, Work.class);
  }

  String written() {
    return JSON.writeValueAsString(this);
  }

  PaymentTerms requireTerms() {
    return Objects.requireNonNull(terms);
  }

  private static Work work(
      @Nullable String cause,
      @Nullable PaymentTerms terms,
      @Nullable Instant until,
      @Nullable ClearingOutcome outcome,
      boolean booked) {
    return new Work(
        Objects.requireNonNullElse(cause, "payments"),
        TaskSpans.current(),
        terms,
        until,
        outcome,
        booked);
  }
}
