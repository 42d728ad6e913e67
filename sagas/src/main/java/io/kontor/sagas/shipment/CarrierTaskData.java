package io.kontor.sagas.shipment;

import io.kontor.api.message.MessageMetadata;
import io.kontor.job.JobTracing;
import io.kontor.personaldata.SealedText;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Data of a carrier task, unchanged across retries.
 *
 * @param traceParent trace to continue, see {@link JobTracing}
 * @param address destination of a booking; null for a cancellation
 * @param until when the task is given up; null in data of earlier versions
 */
record CarrierTaskData(
    String correlation,
    @Nullable String traceParent,
    @Nullable SealedText address,
    @Nullable Instant until) {
  private static final JsonMapper JSON = new JsonMapper();

  static CarrierTaskData of(EventMessage<?> event, @Nullable SealedText address, Instant until) {
    Object correlation = event.getMetaData().get(MessageMetadata.CORRELATION_ID);
    return new CarrierTaskData(
        Objects.requireNonNullElse(correlation, "shipping").toString(),
        JobTracing.currentTraceParent(),
        address,
        until);
  }

  static CarrierTaskData parse(String json) {
    return JSON.readValue(json, CarrierTaskData.class);
  }

  String toJson() {
    return JSON.writeValueAsString(this);
  }

  SealedText requireAddress() {
    return Objects.requireNonNull(address);
  }
}
