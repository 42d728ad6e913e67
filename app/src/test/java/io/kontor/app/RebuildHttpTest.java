package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rebuilds over HTTP, by permitted roles. */
class RebuildHttpTest {
  private static final String REBUILD = "/v1/admin/projections/accounts/rebuild";

  private final BankFixture bank = BankFixture.running();
  private final BankClient operator = bank.operator();
  private String tenant;
  private BankClient admin;
  private BankClient teller;
  private String account;

  @BeforeEach
  void openAnAccount() {
    tenant = bank.newTenant();
    admin = bank.admin(tenant);
    teller = bank.teller(tenant);
    account = teller.openAccount();
  }

  @Test
  void anAdminsRebuildReplacesTheTenantsRowsAlone() {
    long generation = generation("accounts");
    Answer deposited = teller.deposit(account, "12.50").expect(200);

    Answer begun = begin(admin, REBUILD);

    assertThat(begun.text("tenant")).isEqualTo(tenant);
    assertThat(done(admin, begun).text("state")).isEqualTo("DONE");
    assertThat(teller.getAfter(deposited, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("12.50");
    assertThat(generation("accounts")).isEqualTo(generation);
  }

  @Test
  void anOperatorsRebuildBecomesTheNextGenerationAndCanBeTakenBack() {
    long generation = generation("accounts");
    Answer deposited = teller.deposit(account, "7.00").expect(200);

    Answer done = done(operator, begin(operator, REBUILD));
    assertThat(done.text("state")).isEqualTo("DONE");
    assertThat(done.json().path("tenant").isMissingNode()).isTrue();
    assertThat(generation("accounts")).isGreaterThan(generation);
    assertThat(teller.getAfter(deposited, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("7.00");

    Answer more = teller.deposit(account, "1.00").expect(200);
    Answer back = begin(operator, "/v1/admin/projections/accounts/rollback");
    assertThat(done(operator, back).text("state")).isEqualTo("DONE");
    assertThat(teller.getAfter(more, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("8.00");
  }

  @Test
  void aRebuildsProgressIsStreamedUntilItsEnd() {
    Answer begun = begin(admin, "/v1/admin/projections/journal/rebuild");
    Answer progress =
        admin.get("/v1/admin/rebuilds/%s/events".formatted(begun.text("id"))).expect(200);
    assertThat(progress.header("Content-Type")).startsWith("text/event-stream");
    assertThat(progress.http().body()).startsWith("event:progress\ndata:{").endsWith("}\n\n");
    assertThat(
            progress
                .http()
                .body()
                .lines()
                .filter(line -> line.startsWith("data:"))
                .toList()
                .getLast())
        .contains("\"state\":\"DONE\"", "\"etaSeconds\":0");
  }

  @Test
  void aTenantWatchesTenAtOnceAndAnotherOnceOneOfThemEnds() throws Exception {
    try (var _ = bank.leaseForRebuildOf("transfers")) {
      Answer begun = begin(admin, "/v1/admin/projections/transfers/rebuild");
      String events = "/v1/admin/rebuilds/%s/events".formatted(begun.text("id"));
      List<InputStream> streams = new ArrayList<>();
      for (int n = 0; n < 10; n++) {
        HttpResponse<InputStream> stream = admin.stream(events);
        assertThat(stream.statusCode()).isEqualTo(200);
        streams.add(stream.body());
      }

      Answer refused = admin.get(events).expect(429);
      assertThat(refused.slug()).isEqualTo("too-many-streams");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
      assertThat(admin.send("HEAD", events, null).status()).isEqualTo(200);
      try (InputStream others = operator.stream(events).body()) {
        assertThat(others.read()).isEqualTo('e');
      }

      streams.removeFirst().close();
      streams.add(
          await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> admin.stream(events), stream -> stream.statusCode() == 200)
              .body());

      admin.send("DELETE", "/v1/admin/rebuilds/" + begun.text("id"), null).expect(204);
      for (InputStream stream : streams) {
        assertThat(new String(stream.readAllBytes(), UTF_8)).contains("\"state\":\"ABORTED\"");
      }
      assertThat(admin.get(events).expect(200).http().body()).contains("\"state\":\"ABORTED\"");
    }
  }

  @Test
  void aRebuildIsHiddenFromOtherTenants() {
    Answer begun = begin(admin, REBUILD);
    BankClient stranger = bank.admin(bank.newTenant());
    String path = "/v1/admin/rebuilds/" + begun.text("id");
    for (String hidden : List.of(path, path + "/events")) {
      assertThat(stranger.get(hidden).expect(404).slug()).isEqualTo("not-found");
    }
    assertThat(stranger.send("DELETE", path, null).status()).isEqualTo(404);
    assertThat(operator.get(path).status()).isEqualTo(200);
    done(admin, begun);
    assertThat(admin.send("DELETE", path, null).expect(409).slug()).isEqualTo("rebuild-refused");
  }

  @Test
  void theSameKeyBeginsOneRebuild() {
    String key = BankClient.newKey();
    Answer first = post(admin, REBUILD, key).expect(202);
    Answer second = post(admin, REBUILD, key).expect(202);
    assertThat(second.isReplayed()).isTrue();
    assertThat(second.text("id")).isEqualTo(first.text("id"));
    assertThat(post(admin, "/v1/admin/projections/journal/rebuild", key).expect(422).slug())
        .isEqualTo("idempotency-key-reuse");
    done(admin, first);
  }

  @Test
  void onlyAnOperatorNamesATenantAndOnlyAnOperatorTurnsBack() {
    assertThat(post(admin, REBUILD + "?tenant=globex", BankClient.newKey()).expect(400).slug())
        .isEqualTo("invalid-request");
    assertThat(post(operator, REBUILD + "?tenant=No", BankClient.newKey()).status()).isEqualTo(400);
    assertThat(post(operator, "/v1/admin/projections/x/rebuild", BankClient.newKey()).status())
        .isEqualTo(404);
    assertThat(done(operator, begin(operator, REBUILD + "?tenant=" + tenant)).text("tenant"))
        .isEqualTo(tenant);
    assertThat(post(admin, "/v1/admin/projections/accounts/rollback", BankClient.newKey()).status())
        .isEqualTo(403);
  }

  /** Begins one, as soon as no other test's is in the way. */
  private static Answer begin(BankClient client, String path) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> post(client, path, BankClient.newKey()), answer -> answer.status() != 409)
        .expect(202);
  }

  private static Answer post(BankClient client, String path, String key) {
    return client.post(path, null, "Idempotency-Key", key);
  }

  private static Answer done(BankClient client, Answer begun) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> client.get("/v1/admin/rebuilds/" + begun.text("id")).expect(200),
            answer -> !answer.text("state").equals("RUNNING"));
  }

  private long generation(String projection) {
    for (var one : operator.get("/v1/admin/projections").expect(200).json()) {
      if (one.path("name").asString().equals(projection)) {
        return one.path("generation").asLong();
      }
    }
    throw new AssertionError(projection);
  }
}
