package io.kontor.integration.payment;

import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;

/**
 * Publishes messages that can't be booked to the dead-letter topic. A message at the broker's size
 * limit would exceed it with the reason added: of such a message only the headers with its location
 * are sent.
 */
final class InboundDeadLetters extends DeadLetterPublishingRecoverer {
  /** The default limit of producer and broker is 1 MiB; the rest is for the reason. */
  private static final int LARGEST_BYTES = 1_000_000;

  InboundDeadLetters(
      KafkaOperations<byte[], byte[]> kafka,
      BiFunction<ConsumerRecord<?, ?>, Exception, TopicPartition> topic) {
    super(kafka, topic);
  }

  @Override
  protected ProducerRecord<Object, Object> createProducerRecord(
      ConsumerRecord<?, ?> message,
      TopicPartition topic,
      Headers headers,
      byte @Nullable [] key,
      byte @Nullable [] value) {
    if (isShort(message)) {
      return super.createProducerRecord(message, topic, headers, key, value);
    }
    return new ProducerRecord<>(topic.topic(), null, null, null, null, ours(message, headers));
  }

  private static boolean isShort(ConsumerRecord<?, ?> message) {
    long bytes = (long) message.serializedKeySize() + message.serializedValueSize();
    for (Header header : message.headers()) {
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return bytes <= LARGEST_BYTES;
  }

  /** The headers without those that the sender set. */
  private static Headers ours(ConsumerRecord<?, ?> message, Headers headers) {
    var ours = new RecordHeaders();
    for (Header header : headers) {
      if (message.headers().lastHeader(header.key()) == null) {
        ours.add(header);
      }
    }
    return ours.add("value-left-out", new byte[0]);
  }
}
