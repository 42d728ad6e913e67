package io.kontor.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.integration.outbox.EventPublisher;
import io.kontor.kafka.EmbeddedKafkaBroker;
import io.kontor.tenancy.IdGenerator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Latency and throughput at a Kafka consumer, with everything on one machine. */
final class KafkaBenchmark {
  private static final int ACCOUNTS = 1_000;
  private static final int CONNECTIONS = 16;
  private static final int PER_SECOND = 200;
  private static final int CALLERS = 400;
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final BenchmarkBank bank;
  private final EmbeddedKafkaBroker broker;
  private final List<AccountId> accounts;

  private KafkaBenchmark(BenchmarkBank bank, EmbeddedKafkaBroker broker) throws Exception {
    this.bank = bank;
    this.broker = broker;
    this.accounts = bank.accounts(ACCOUNTS);
  }

  /**
   * @param warmUp seconds of load before the first row, in which the virtual machine compiles
   */
  static Map<String, Benchmark> rows(BenchmarkBank bank, EmbeddedKafkaBroker broker, int warmUp)
      throws Exception {
    var benchmark = new KafkaBenchmark(bank, broker);
    System.err.printf("bench: warming up for %d s ...%n", warmUp);
    try (var load = new HttpLoad(List.of(bank.port()), null)) {
      load.open(ACCOUNTS);
      load.run("deposit", ACCOUNTS, CONNECTIONS, Duration.ofSeconds(warmUp), 0);
    }
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put(
        "k1",
        Benchmark.of(
            "from sending a deposit over HTTP to a read_committed consumer, at %d/s"
                .formatted(PER_SECOND),
            benchmark::latency));
    rows.put(
        "k2", Benchmark.of("events published to a consumer, catching up", benchmark::catchingUp));
    return rows;
  }

  private Result latency(Duration time) throws Exception {
    String run = UUID.randomUUID().toString().substring(0, 8);
    Map<String, Long> sent = new ConcurrentHashMap<>();
    var nanos = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
    long warm = System.nanoTime() + time.toNanos() / 3;
    try (var consumer =
        new Consumer(
            event -> {
              Long begun = sent.remove(correlation(event));
              if (begun != null && begun > warm) {
                nanos.recordValue(System.nanoTime() - begun);
              }
            })) {
      var connections = new HttpConnection[CONNECTIONS];
      for (int n = 0; n < CONNECTIONS; n++) {
        connections[n] = new HttpConnection(bank.port());
      }
      String token = HttpConnection.tellerToken(bank.port());
      Slice answered =
          Measurement.openLoop(
              CONNECTIONS,
              time,
              PER_SECOND,
              (caller, call) -> {
                String id = run + "-" + caller + "-" + call;
                sent.put(id, System.nanoTime());
                var answer = connections[caller].post(depositPath(), headers(token, id), BODY);
                if (answer.status() != 200) {
                  throw new IllegalStateException(answer.body());
                }
                return 1;
              });
      long end = System.nanoTime() + TIMEOUT.toNanos();
      while (!sent.isEmpty() && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      for (HttpConnection connection : connections) {
        connection.close();
      }
      if (!sent.isEmpty()) {
        throw new IllegalStateException(sent.size() + " deposits were never published");
      }
      Result answers = Result.of(answered.perSecond(), answered.nanos());
      return Result.of(answered.perSecond(), nanos)
          .noting(
              "the answers alone: p50 %.1f, p99 %.1f ms"
                  .formatted(answers.p50Ms(), answers.p99Ms()));
    }
  }

  /**
   * Stores events while the publisher is stopped; then measures the time until a consumer has them
   * all.
   */
  private Result catchingUp(Duration time) throws Exception {
    var publisher = bank.part(EventPublisher.class);
    publisher.stop();
    var stored = new AtomicLong();
    Measurement.closedLoop(
        CALLERS,
        time,
        (caller, call) -> {
          AccountId account = accounts.get(ThreadLocalRandom.current().nextInt(ACCOUNTS));
          bank.send(new Deposit(account, IdGenerator.next(), new Money(1, BenchmarkBank.EUR), ""));
          stored.incrementAndGet();
          return 1;
        });
    var received = new AtomicLong();
    try (var _ = new Consumer(event -> received.incrementAndGet())) {
      long begun = System.nanoTime();
      publisher.start();
      while (received.get() < stored.get() && System.nanoTime() - begun < TIMEOUT.toNanos()) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      if (received.get() != stored.get()) {
        throw new IllegalStateException(
            "%d events were stored, %d published".formatted(stored.get(), received.get()));
      }
      return Result.rate(
          received.get() / seconds, "%d events in %.1f s".formatted(received.get(), seconds));
    }
  }

  private static final String BODY =
      "{\"amount\":{\"amount\":\"0.01\",\"currency\":\"EUR\"},\"reference\":\"\"}";

  private String depositPath() {
    AccountId account = accounts.get(ThreadLocalRandom.current().nextInt(ACCOUNTS));
    return "/v1/accounts/" + account.uuid() + "/deposits";
  }

  private static String headers(String token, String id) {
    return "Authorization: Bearer %s\r\nIdempotency-Key: %s\r\nKontor-Correlation-Id: %s\r\n"
        .formatted(token, id, id);
  }

  private static final Pattern CORRELATION = Pattern.compile("\"correlationid\":\"([^\"]+)\"");

  private static String correlation(String event) {
    Matcher found = CORRELATION.matcher(event);
    return found.find() ? found.group(1) : "";
  }

  /** Receives every record that is committed from now on. */
  private final class Consumer implements AutoCloseable {
    private final Thread thread;
    private volatile boolean closed;

    Consumer(java.util.function.Consumer<String> listener) {
      Map<String, Object> client =
          Map.of(
              "bootstrap.servers",
              broker.bootstrapServers(),
              "isolation.level",
              "read_committed",
              "enable.auto.commit",
              false);
      var consumer =
          new KafkaConsumer<>(client, new StringDeserializer(), new ByteArrayDeserializer());
      String topic = "kontor.accounts.v1";
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(one -> new TopicPartition(topic, one.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      thread =
          Thread.ofPlatform()
              .name("consumer")
              .start(
                  () -> {
                    try (consumer) {
                      while (!closed) {
                        for (var record : consumer.poll(Duration.ofMillis(100))) {
                          listener.accept(new String(record.value(), UTF_8));
                        }
                      }
                    }
                  });
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      thread.join();
    }
  }
}
