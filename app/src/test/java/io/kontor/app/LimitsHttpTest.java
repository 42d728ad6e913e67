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
    limited.post("/v1/transfers/bulk", bulk(13)).expect(429);
    limited.post("/v1/transfers/bulk", bulk(11)).expect(200);
    assertThat(refused(() -> limited.post("/v1/accounts", "{}")).header("RateLimit-Policy"))
        .isEqualTo("\"tenant-writes\";q=12;w=60");

    BANK.teller(BANK.newTenant()).get("/v1/accounts").expect(200);
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
