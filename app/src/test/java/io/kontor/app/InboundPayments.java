package io.kontor.app;

import io.kontor.kafka.EmbeddedKafkaBroker;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Payments from outside, as their sender puts them on the bank's topic. */
final class InboundPayments implements AutoCloseable {
  private final KafkaProducer<String, String> producer;

  InboundPayments(EmbeddedKafkaBroker broker) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer());
  }

  static String payment(String id, String tenant, String account, String amount, String currency) {
    return ("{'id':'%s','tenant':'%s','account':'%s','amount':{'amount':'%s','currency':'%s'},"
            + "'reference':'invoice'}")
        .formatted(id, tenant, account, amount, currency)
        .replace('\'', '"');
  }

  /**
   * @param key messages of one key come in their order
   */
  Future<RecordMetadata> send(String key, String message) {
    return producer.send(new ProducerRecord<>("payments.inbound", key, message));
  }

  /** Waits until all of them are there. */
  @Override
  public void close() {
    producer.close();
  }
}
