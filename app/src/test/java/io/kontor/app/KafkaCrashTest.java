package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.kafka.EmbeddedKafkaBroker;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bank is killed while payments come in and events go out. */
@Tag("system")
class KafkaCrashTest {
  private static final int PAYMENTS = 500;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  @TempDir private Path folder;

  @AfterEach
  void stopPostgres() {
    BankProcess.stopPostgres(folder);
  }

  @Test
  @Timeout(300)
  void everyPaymentIsBookedOnceAndToldOnceThoughTheBankIsKilledInTheMiddle() {
    System.out.println("-Dkontor.seed=" + seed);
    try (var broker = EmbeddedKafkaBroker.start()) {
      var settings = Map.of("KONTOR_KAFKA_BOOTSTRAPSERVERS", broker.bootstrapServers());
      String account;
      int before;
      try (var bank = BankProcess.start(folder, settings)) {
        account = bank.anyone().teller("acme").openAccount();
        await().atMost(LIMIT).until(() -> published(broker, account).size() == 1);
        send(broker, account);
        int enough = 50 + random.nextInt(PAYMENTS / 2);
        await()
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> published(broker, account).size() > enough);
        bank.kill();
        before = published(broker, account).size();
      }
      try (var bank = BankProcess.start(folder, settings)) {
        BankClient teller = bank.anyone().teller("acme");
        await().atMost(LIMIT).until(() -> published(broker, account).size() >= 1 + PAYMENTS);
        assertThat(teller.get("/v1/accounts/" + account).amount("balance"))
            .isEqualTo(PAYMENTS + ".00");
      }
      List<JsonNode> published = published(broker, account);
      System.out.printf(
          "%d of %d events were published before the kill%n", before, published.size());
      assertThat(before).isLessThan(PAYMENTS);
      assertThat(published).map(one -> one.path("id").asString()).doesNotHaveDuplicates();
      assertThat(published.stream().skip(1).map(one -> one.path("correlationid").asString()))
          .hasSize(PAYMENTS)
          .doesNotHaveDuplicates();
      var sum = new AtomicInteger();
      assertThat(published.stream().skip(1).map(one -> one.at("/data/balance/amount").asString()))
          .allSatisfy(
              balance ->
                  assertThat(new BigDecimal(balance))
                      .isEqualByComparingTo(BigDecimal.valueOf(sum.incrementAndGet())));
    }
  }

  private static List<JsonNode> published(EmbeddedKafkaBroker broker, String account) {
    return broker.read("kontor.accounts.v1", "read_committed").stream()
        .filter(one -> one.key().equals("acme/" + account))
        .map(one -> JsonMapper.shared().readTree(one.value()))
        .toList();
  }

  /** Keyed by themselves, so that all partitions and all of the bank's listeners have some. */
  private static void send(EmbeddedKafkaBroker broker, String account) {
    try (var payments = new InboundPayments(broker)) {
      for (int n = 0; n < PAYMENTS; n++) {
        String id = Integer.toString(n);
        var _ = payments.send(id, InboundPayments.payment(id, "acme", account, "1.00", "EUR"));
      }
    }
  }
}
