package io.kontor.sagas.payment;

import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.job.JobTracing;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Data of a payment task, unchanged across retries.
 *
 * @param traceParent trace to continue, see {@link JobTracing}
 * @param terms null where they are not needed
 * @param until when manual review begins; null in some tasks of earlier versions
 * @param outcome the outcome to book on the account
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
    return of(cause, terms, end, null, false);
  }

  static PaymentTaskData booking(
      @Nullable String cause,
      Instant end,
      PaymentTerms terms,
      ClearingOutcome outcome,
      boolean booked) {
    return of(cause, terms, end, outcome, booked);
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

  private static PaymentTaskData of(
      @Nullable String cause,
      @Nullable PaymentTerms terms,
      @Nullable Instant until,
      @Nullable ClearingOutcome outcome,
      boolean booked) {
    return new PaymentTaskData(
        Objects.requireNonNullElse(cause, "payments"),
        JobTracing.currentTraceParent(),
        terms,
        until,
        outcome,
        booked);
  }
}
