package io.kontor.integration.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.kontor.api.integration.IntegrationEvent;
import io.kontor.api.integration.IntegrationEventTypes;
import io.kontor.api.message.MessageMetadata;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.tenancy.StreamId;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import tools.jackson.databind.json.JsonMapper;

/**
 * Maps events to Kafka records: CloudEvents 1.0 in structured JSON. The key is the stream, so Kafka
 * keeps a stream's records in order. The record's timestamp is the time of sending, from which a
 * topic's retention counts.
 */
public final class CloudEventMapper {
  static final String TENANT = "tenant";

  private final KafkaProperties settings;
  private final JsonFormat format = new JsonFormat();
  private final JsonMapper json =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  public CloudEventMapper(KafkaProperties settings) {
    this.settings = settings;
  }

  /** The record for {@code message}; empty when the event is not published. */
  public Optional<ProducerRecord<String, byte[]>> of(EventMessage<?> message) {
    IntegrationEvent event =
        IdempotencyRecords.isAnswer(message)
            ? null
            : IntegrationEventMapper.of(message.getPayload());
    if (event == null) {
      return Optional.empty();
    }
    var stored = (DomainEventMessage<?>) message;
    StreamId stream = StreamId.parse(stored.getAggregateIdentifier());
    ProducerRecord<String, byte[]> sent =
        KafkaMessageFactory.createWriter(settings.topic(event.topic()), stream.toString())
            .writeStructured(cloudEvent(event, stream, stored), format);
    sent.headers().add(TENANT, stream.tenant().value().getBytes(UTF_8));
    return Optional.of(sent);
  }

  private CloudEvent cloudEvent(
      IntegrationEvent event, StreamId stream, DomainEventMessage<?> stored) {
    CloudEventBuilder attributes =
        CloudEventBuilder.v1()
            .withId(stream.uuid() + "/" + stored.getSequenceNumber())
            .withSource(URI.create("urn:kontor:" + stream.tenant()))
            .withType(IntegrationEventTypes.typeOf(event))
            .withSubject(stream.uuid().toString())
            .withTime(stored.getTimestamp().atOffset(ZoneOffset.UTC))
            .withExtension(TENANT, stream.tenant().value())
            .withExtension("sequence", Long.toString(stored.getSequenceNumber()))
            .withExtension("position", Long.toString(position(stored)))
            .withData("application/json", json.writeValueAsBytes(event));
    copyMetadata(stored, MessageMetadata.CORRELATION_ID, "correlationid", attributes);
    copyMetadata(stored, MessageMetadata.TRACE_PARENT, "traceparent", attributes);
    return attributes.build();
  }

  private static void copyMetadata(
      EventMessage<?> message, String key, String extension, CloudEventBuilder attributes) {
    if (message.getMetaData().get(key) instanceof String value) {
      attributes.withExtension(extension, value);
    }
  }

  /** The position in the event store at which the event became visible. */
  static long position(EventMessage<?> message) {
    return ((TrackedEventMessage<?>) message).trackingToken().position().orElseThrow();
  }
}
