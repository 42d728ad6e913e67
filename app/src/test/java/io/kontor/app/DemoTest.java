package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The demo's year is one that the bank goes on with, and that is proved like any other. */
class DemoTest {
  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void anEmptyBankGetsAYearWithOrdersThatNeedAPerson() {
    var tools = new Tools(folder);
    assertThat(tools.run("demo", "--customers", "3").expect(2).err()).hasLineCount(1);
    assertThat(tools.run("demo", "--customers", "20").expect(0).out())
        .contains("20 customers", "./kontor run");
    assertThat(tools.run("demo").expect(2).err())
        .startsWith("kontor: this bank has events already")
        .hasLineCount(1);

    BankFixture bank = BankFixture.startIn(folder);
    try {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(
              () ->
                  bank.operator()
                      .get("/v1/admin/projections")
                      .expect(200)
                      .json()
                      .valueStream()
                      .allMatch(readModel -> readModel.path("lag").asLong() == 0));
      aPersonEndsAStuckOrder(bank);
      JsonNode payments = bank.teller("acme").get("/v1/payments?needsAttention=true").json();
      assertThat(payments.path("items")).isNotEmpty();
      String owner =
          bank.customer("acme", "alice").list("/v1/accounts").getFirst().path("owner").asString();
      assertThat(owner).isEqualTo("Alice Fischer");
      for (String tenant : List.of("acme", "globex")) {
        Answer balance = bank.auditor(tenant).get("/v1/ledger/trial-balance").expect(200);
        assertThat(balance.json()).hasSize(1);
        assertThat(balance.json().get(0).path("debits").asString().length()).isGreaterThan(6);
      }
      assertThat(tools.run("verify").expect(0).lines()).endsWith("all is well");
    } finally {
      bank.stop();
    }
  }

  /** The account is unfrozen and the order tried again: then it is refunded and undone. */
  private static void aPersonEndsAStuckOrder(BankFixture bank) {
    BankClient admin = bank.admin("acme");
    BankClient teller = bank.teller("acme");
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> assertThat(admin.list("/v1/admin/sagas")).anyMatch(DemoTest::needsAPerson));
    JsonNode process = admin.list("/v1/admin/sagas?state=NEEDS_ATTENTION").getFirst();
    assertThat(process.path("lastError").asString()).contains("frozen");
    String order = process.path("id").asString();
    String account = teller.get("/v1/orders/" + order).expect(200).text("account");
    teller
        .post("/v1/accounts/%s/unfreeze".formatted(account), "{'reason':'all is clear'}")
        .expect(200);
    admin.post("/v1/admin/sagas/%s/retry".formatted(order), "").expect(202);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> teller.get("/v1/orders/" + order).expect(200).text("status").equals("CANCELLED"));
  }

  private static boolean needsAPerson(JsonNode process) {
    return process.path("state").asString("").equals("NEEDS_ATTENTION");
  }
}
