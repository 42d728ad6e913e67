package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.eventstore.archive.EventExporter;
import io.kontor.eventstore.archive.EventExporter.Range;
import io.kontor.postgres.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bank that goes on with an imported history: nothing in it is processed again, even if it
 * exceeds what an account or inventory item remembers.
 */
@Tag("system")
class ImportedBankTest {
  private static final int ORDERS = 1_500;

  @TempDir private Path folder;

  @AfterEach
  void stopPostgres() {
    BankProcess.stopPostgres(folder);
  }

  @Test
  @Timeout(600)
  void nothingIsCapturedOrShippedTwiceAfterAMoveNorAfterATakeover() throws Exception {
    var history = new FinishedOrders();
    Tools tools = new Tools(folder.resolve("data"));
    tools.run("events", "import", exported(history).toString()).expect(0);

    try (var bank = BankProcess.start(folder)) {
      assertThat(afterOneMoreOrder(bank, history)).isEqualTo(history.expectedAfter(1));
      bank.kill();
    }
    try (var bank = BankProcess.start(folder)) {
      assertThat(afterOneMoreOrder(bank, history)).isEqualTo(history.expectedAfter(2));
      bank.kill();
    }
    assertThat(tools.run("verify").expect(0).out()).contains("all is well");
  }

  private Path exported(FinishedOrders history) throws Exception {
    Path file = folder.resolve("bank.ndjson.gz");
    try (var source = TestDatabase.create()) {
      long events = history.write(source.worker(), ORDERS);
      new EventExporter(source.worker(), source.app())
          .write(file, new Range(null, 0, events), count -> {});
    }
    return file;
  }

  /** A process that went through the history would come to the new order after all of it. */
  private static FinishedOrders.State afterOneMoreOrder(BankProcess bank, FinishedOrders history) {
    BankClient teller = bank.anyone().teller("acme");
    String account = history.account().uuid().toString();
    assertThat(teller.orderAndWait(account, history.sku().value(), 1).text("status"))
        .isEqualTo("CONFIRMED");
    String product = "/v1/products/" + history.sku().value();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> teller.get(product).json().path("reserved").asInt() == 0);
    var last = teller.deposit(account, "0.01").expect(200);
    var now = teller.getAfter(last, "/v1/accounts/" + account).expect(200);
    assertThat(teller.withdraw(account, "0.01").status()).isEqualTo(200);
    return new FinishedOrders.State(
        new BigDecimal(now.amount("balance")).subtract(new BigDecimal("0.01")),
        new BigDecimal(now.amount("held")),
        teller.getAfter(last, product).json().path("onHand").asInt());
  }
}
