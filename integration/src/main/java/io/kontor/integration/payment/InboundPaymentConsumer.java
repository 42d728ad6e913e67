package io.kontor.integration.payment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.integration.kafka.TopicInitializer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.axonframework.commandhandling.CommandBus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.MicrometerConsumerListener;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer.HeaderNames.HeadersToAdd;
import org.springframework.kafka.listener.DefaultErrorHandler;
import tools.jackson.databind.json.JsonMapper;

/**
 * Consumes inbound payments. An invalid message goes to the dead letters with the reason. A
 * transient failure is retried without end, in partition order. Any other failure goes to the dead
 * letters after a minute of retries.
 */
public final class InboundPaymentConsumer implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(InboundPaymentConsumer.class);

  private final KafkaProperties settings;
  private final TopicInitializer topics;
  private final Counter deadLettered;
  private final DefaultKafkaProducerFactory<byte[], byte[]> producers;
  private final ConcurrentMessageListenerContainer<byte[], byte[]> container;
  private volatile boolean running;
  private @Nullable Thread starting;

  public InboundPaymentConsumer(
      KafkaProperties settings,
      CommandBus bus,
      IdempotencyRecords idempotency,
      JsonMapper json,
      MeterRegistry meters) {
    this.settings = settings;
    this.topics = new TopicInitializer(settings);
    this.deadLettered = InboundPaymentListener.counter(meters, "dead-lettered");
    String topic = settings.inbound().topic();
    var consumers =
        new DefaultKafkaConsumerFactory<>(
            consumer(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumers.addListener(new MicrometerConsumerListener<>(meters));
    this.producers =
        new DefaultKafkaProducerFactory<>(
            producer(settings), new ByteArraySerializer(), new ByteArraySerializer());
    var properties = new ContainerProperties(topic);
    properties.setMessageListener(
        new InboundPaymentListener(
            json, new InboundPaymentHandler(bus, idempotency, json, "kafka:" + topic), meters));
    properties.setAuthExceptionRetryInterval(Retries.LONGEST_PAUSE);
    this.container = new ConcurrentMessageListenerContainer<>(consumers, properties);
    container.setBeanName("inbound-payments");
    container.setConcurrency(settings.inbound().concurrency());
    container.setCommonErrorHandler(errors());
  }

  private CommonErrorHandler errors() {
    var deadLetters =
        new InboundDeadLetters(
            new KafkaTemplate<>(producers),
            (message, failure) -> new TopicPartition(settings.inbound().deadLetters(), -1));
    deadLetters.setHeadersFunction(this::reason);
    deadLetters.excludeHeader(
        HeadersToAdd.EXCEPTION,
        HeadersToAdd.EX_CAUSE,
        HeadersToAdd.EX_MSG,
        HeadersToAdd.EX_STACKTRACE);
    var handler = new DefaultErrorHandler(deadLetters, Retries.after(new TimeoutException()));
    handler.setBackOffFunction((message, failure) -> Retries.after(failure));
    handler.setClassifications(Map.of(InvalidPaymentException.class, false), true);
    return handler;
  }

  private Headers reason(ConsumerRecord<?, ?> message, Exception failure) {
    InvalidPaymentException why = InvalidPaymentException.in(failure);
    deadLettered.increment();
    LOG.warn(
        "inbound message dead-lettered partition={} offset={} reason={}",
        message.partition(),
        message.offset(),
        why.reason());
    return new RecordHeaders()
        .add("reason", why.reason().getBytes(UTF_8))
        .add("detail", why.detail().getBytes(UTF_8));
  }

  private static Map<String, Object> consumer(KafkaProperties settings) {
    Map<String, Object> client = settings.clients();
    // After this time another node takes over the partitions of a dead node.
    client.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    client.put(ConsumerConfig.GROUP_ID_CONFIG, settings.inbound().group());
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return client;
  }

  private static Map<String, Object> producer(KafkaProperties settings) {
    Map<String, Object> client = settings.clients();
    client.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    client.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
    client.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
    client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    client.put(ProducerConfig.ACKS_CONFIG, "all");
    return client;
  }

  /** Waits for Kafka on another thread, so the bank starts without it. */
  @Override
  public synchronized void start() {
    running = true;
    starting = Thread.ofVirtual().name("inbound-payments-start").start(this::startWhenKafkaAnswers);
  }

  private void startWhenKafkaAnswers() {
    List<String> names = List.of(settings.inbound().topic(), settings.inbound().deadLetters());
    for (Duration pause = Retries.FIRST_PAUSE; running; ) {
      try {
        topics.require(names);
        startContainer();
        return;
      } catch (KafkaException unreachable) {
        LOG.warn("inbound payments wait for Kafka cause={}", unreachable.getMessage());
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException stopping) {
        return;
      }
      pause =
          pause.multipliedBy(2).compareTo(Retries.LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : Retries.LONGEST_PAUSE;
    }
  }

  private synchronized void startContainer() {
    if (running) {
      container.start();
    }
  }

  @Override
  public void stop() {
    synchronized (this) {
      running = false;
      if (starting != null) {
        starting.interrupt();
      }
    }
    container.stop();
    producers.destroy();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public boolean isAutoStartup() {
    return settings.inbound().enabled();
  }
}
