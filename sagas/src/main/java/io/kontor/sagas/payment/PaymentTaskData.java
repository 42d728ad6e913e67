package io.kontor.sagas.payment;

import io.kontor.api.message.MessageMetadata;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.job.JobTracing;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.eventhandling.EventMessage;
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

  static PaymentTaskData of(
      EventMessage<?> event,
      Instant until,
      @Nullable PaymentTerms terms,
      @Nullable ClearingOutcome outcome,
      boolean booked) {
    Object correlation = event.getMetaData().get(MessageMetadata.CORRELATION_ID);
    return new PaymentTaskData(
        Objects.requireNonNullElse(correlation, "payments").toString(),
        JobTracing.currentTraceParent(),
        terms,
        until,
        outcome,
        booked);
  }

  static PaymentTaskData parse(String json) {
    return JSON.readValue(json, PaymentTaskData.class);
  }

  String toJson() {
    return JSON.writeValueAsString(this);
  }

  PaymentTerms requireTerms() {
    return Objects.requireNonNull(terms);
  }

  ClearingOutcome requireOutcome() {
    return Objects.requireNonNull(outcome);
  }
}
