package io.kontor.integration.outbound;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A node's Kafka client that freezes when it is armed and the broker has its records: between
 * sending and committing, as a long pause of a machine would have it.
 */
public final class Freezer
    implements ProducerInterceptor<String, byte[]>, ConsumerInterceptor<String, byte[]> {
  private static final AtomicReference<Freezer.Ice> ICE = new AtomicReference<>();

  /** One frozen node. */
  public static final class Ice {
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch thawed = new CountDownLatch(1);

    public void awaitFrozen() throws InterruptedException {
      frozen.await();
    }

    public void thaw() {
      thawed.countDown();
    }
  }

  /** The next acknowledgement freezes the client that receives it. */
  public static Ice arm() {
    var ice = new Ice();
    ICE.set(ice);
    return ice;
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception failure) {
    Ice ice = ICE.getAndSet(null);
    if (ice != null) {
      ice.frozen.countDown();
      try {
        ice.thawed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public ProducerRecord<String, byte[]> onSend(ProducerRecord<String, byte[]> sent) {
    return sent;
  }

  @Override
  public ConsumerRecords<String, byte[]> onConsume(ConsumerRecords<String, byte[]> records) {
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> configuration) {}
}
