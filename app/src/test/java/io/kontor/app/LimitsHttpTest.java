package io.kontor.app;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shared bank allows the tenant {@code limited} 12 reads and 12 writes a minute. */
class LimitsHttpTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String NO_ACCOUNT = "01900000-0000-7000-8000-000000000000";

  @Test
  void aTenantBeyondItsLimitIsRefusedAndOthersAreNot() {
    BANK.operator().registerTenant("limited");
    BankClient limited = BANK.teller("limited");

    Answer refused = refused(() -> limited.get("/v1/accounts"));
    assertThat(refused.slug()).isEqualTo("rate-limited");
    assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(refused.header("Retry-After")).matches("[1-9]|[1-5][0-9]|60");
    assertThat(refused.header("RateLimit")).startsWith("\"tenant-reads\";r=0;t=");
    assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"tenant-reads\";q=12;w=60");
    assertThat(refused.header("Kontor-Correlation-Id")).isNotBlank();

    // Writes are counted apart, and a bulk costs as many as it has transfers.
    limited.post("/v1/transfers/bulk", bulk(10)).expect(200);
    limited.post("/v1/transfers/bulk", bulk(13)).expect(429);
    assertThat(refused(() -> limited.post("/v1/accounts", "{}")).header("RateLimit-Policy"))
        .isEqualTo("\"tenant-writes\";q=12;w=60");

    BANK.teller(BANK.newTenant()).get("/v1/accounts").expect(200);
  }

  @Test
  void aBulkBeyondAWholeMinuteIsAdmittedOnAnUntouchedOne() {
    String tenant = BANK.newTenant();
    BANK.operator()
        .put("/v1/tenants/%s/limits".formatted(tenant), "{'tenantPerMinute':12,'userPerMinute':12}")
        .expect(204);
    BankClient teller = BANK.teller(tenant);
    assertThat(refused(() -> teller.get("/v1/accounts")).header("RateLimit-Policy"))
        .isEqualTo("\"user-reads\";q=12;w=60");

    teller.post("/v1/transfers/bulk", bulk(13)).expect(200);
    assertThat(refused(() -> teller.post("/v1/accounts", "{}")).header("RateLimit-Policy"))
        .isEqualTo("\"user-writes\";q=12;w=60");
  }

  @Test
  void anOperatorSetsWhatATenantMayDoWhileTheBankRuns() {
    String tenant = BANK.newTenant();
    String path = "/v1/tenants/%s/limits".formatted(tenant);
    BankClient teller = BANK.teller(tenant);
    BankClient operator = BANK.operator();
    teller.get("/v1/accounts").expect(200);

    operator.put(path, "{'tenantPerMinute':5,'userPerMinute':3}").expect(204);

    assertThat(refused(() -> teller.get("/v1/accounts")).header("RateLimit-Policy"))
        .isEqualTo("\"user-reads\";q=3;w=60");
    Answer seen = BANK.admin(tenant).get(path).expect(200);
    assertThat(seen.json().path("userPerMinute").asInt()).isEqualTo(3);
    assertThat(seen.text("changedBy")).isEqualTo("olga");

    operator.send("DELETE", path, "").expect(204);
    teller.get("/v1/accounts").expect(200);
    assertThat(operator.get(path).expect(200).json().has("changedBy")).isFalse();
  }

  @Test
  void limitsAreSetByOperatorsForTenantsThatAreThere() {
    String tenant = BANK.newTenant();
    String path = "/v1/tenants/%s/limits".formatted(tenant);
    String plan = "{'tenantPerMinute':5,'userPerMinute':3}";

    BANK.admin(tenant).put(path, plan).expect(403);
    BANK.admin(BANK.newTenant()).get(path).expect(404);
    BANK.operator().put("/v1/tenants/no-such-bank/limits", plan).expect(404);
    BANK.operator().put("/v1/tenants/No/limits", plan).expect(404);
    Answer none = BANK.operator().put(path, plan.replace("5", "0")).expect(400);
    assertThat(none.json().at("/errors/0/pointer").asString()).isEqualTo("/tenantPerMinute");
    assertThat(BANK.operator().get(path).json().has("changedAt")).isFalse();
  }

  /** The first answer that is 429. */
  private static Answer refused(Supplier<Answer> request) {
    return Stream.generate(request)
        .limit(30)
        .filter(answer -> answer.status() == 429)
        .findFirst()
        .orElseThrow();
  }

  private static String bulk(int transfers) {
    return Stream.generate(() -> BankClient.transferBody(NO_ACCOUNT, NO_ACCOUNT, "1.00"))
        .limit(transfers)
        .collect(joining(",", "{'transfers':[", "]}"));
  }
}
