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
 * Messages that can't be booked, on their topic. With its reason a message as long as the broker
 * allows would be too long for the broker: of such a one goes only what tells where it is.
 */
final class InboundDeadLetters extends DeadLetterPublishingRecoverer {
  /** What producer and broker take by default is 1 MiB, of which the reason needs the rest. */
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

  /** Without those that the sender set. */
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
