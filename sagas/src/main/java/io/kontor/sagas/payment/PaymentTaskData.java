package io.kontor.sagas.payment;

import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.sagas.schedule.JobTracing;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a task needs to know; nothing of it changes while the task is tried again.
 *
 * @param traceParent what it continues, see {@link JobTracing}
 * @param terms none, where they don't matter
 * @param until when a person is needed instead; earlier versions wrote none for some tasks
 * @param outcome what the account has to follow
 * @param booked whether the money has left the account
 */
record PaymentTaskData(
    String correlation,
    @Nullable String traceParent,
    @Nullable PaymentTerms terms,
    @Nullable Instant until,
    @Nullable ClearingOutcome outcome,
    boolean booked) {
  private static final JsonMapper JSON = new JsonMapper();

  static PaymentTaskData until(@Nullable String cause, Instant end, @Nullable PaymentTerms terms) {
    return work(cause, terms, end, null, false);
  }

  static PaymentTaskData booking(
      @Nullable String cause,
      Instant end,
      PaymentTerms terms,
      ClearingOutcome outcome,
      boolean booked) {
    return work(cause, terms, end, outcome, booked);
  }

  static PaymentTaskData read(String json) {
    return JSON.readValue(json, PaymentTaskData.class);
  }

  String written() {
    return JSON.writeValueAsString(this);
  }

  PaymentTerms requireTerms() {
    return Objects.requireNonNull(terms);
  }

  private static PaymentTaskData work(
      @Nullable String cause,
      @Nullable PaymentTerms terms,
      @Nullable Instant until,
      @Nullable ClearingOutcome outcome,
      boolean booked) {
    return new PaymentTaskData(
        Objects.requireNonNullElse(cause, "payments"),
        JobTracing.current(),
        terms,
        until,
        outcome,
        booked);
  }
}
