package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.app.ApiDescription.Call;
import io.kontor.app.ApiExamples.Ready;
import io.kontor.testsupport.ApiClient.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Walks the API description against the running bank: each call's example is answered as described,
 * and so is each problem that can be provoked from outside.
 */
@Timeout(180)
class ApiDescriptionTest {
  /**
   * Answered with a rebuild as it is at that time, the repetition, too; and with an API key that is
   * shown once.
   */
  private static final Set<String> ANSWERED_ANEW =
      Set.of(
          "rebuildAllProjections",
          "rebuildProjection",
          "rollBackProjection",
          "abortRebuild",
          "createApiKey");

  /** Its own, since what a rebuild or a rollback answers depends on those before it. */
  private static final BankFixture BANK = BankFixture.start();

  private static final ApiDescription API = ApiDescription.of(BANK);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final List<String> ROLES =
      List.of("teller", "customer", "auditor", "admin", "clearing", "operator");

  /** Outages, races and what takes a long history or many clients, tested elsewhere. */
  private static final Set<String> NOT_PROVOKED =
      Set.of(
          "idempotency-in-progress",
          "store-busy",
          "database-unavailable",
          "issuer-unavailable",
          "not-served-here",
          "read-model-behind",
          "rate-limited",
          "reference-too-old",
          "too-many-requests",
          "too-many-statements",
          "too-many-streams");

  @AfterAll
  static void stop() {
    BANK.stop();
  }

  static List<Call> calls() {
    return API.calls();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void everyCallIsAnsweredAsDescribed(Call call) throws Exception {
    try (var examples = new ApiExamples(BANK, call)) {
      var walk = new Walk(call, examples);
      walk.succeed();
      walk.refuseCallers();
      walk.refuseRequests();
      walk.refuseInTheDomain();
      assertThat(walk.seen).as("the problems that came").containsAll(walk.provoked());
    }
  }

  @Test
  void aReadOfAPositionThatIsNotThereIsAnsweredAsDescribed() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> reads = new ArrayList<>();
      for (Call call : calls()) {
        if (call.parameter("Kontor-Min-Position") != null) {
          reads.add(threads.submit(() -> readTheFuture(call)));
        }
      }
      for (Future<?> read : reads) {
        read.get();
      }
    }
  }

  @Test
  void everyCallHasASummaryAnIdOfItsOwnAndOneFeature() {
    Set<String> features = new TreeSet<>();
    API.document().path("tags").forEach(tag -> features.add(tag.path("name").asString()));
    assertThat(calls()).extracting(Call::id).doesNotHaveDuplicates();
    assertThat(calls())
        .allSatisfy(
            call -> {
              assertThat(call.node().path("summary").asString("")).isNotBlank();
              assertThat(call.node().path("tags")).hasSize(1);
              assertThat(call.node().at("/tags/0").asString()).isIn(features);
              assertThat(call.statuses()).contains("default");
            });
  }

  @Test
  void everyExampleFitsItsSchema() {
    for (Call call : calls()) {
      if (call.example() != null) {
        API.validate(
            call.node().at("/requestBody/content/application~1json/schema"),
            JsonMapper.shared().readTree(call.example()));
      }
    }
    API.document()
        .at("/components/examples")
        .forEach(
            example ->
                API.validate(
                    API.document().at("/components/schemas/Problem"), example.path("value")));
  }

  private static void readTheFuture(Call call) {
    BankClient caller =
        call.roles().contains("operator")
            ? BANK.operator()
            : BANK.anyone().withToken("acme", "s", call.roles().iterator().next());
    String path = call.path().replace("{sku}", "NONE").replace("{name}", "accounts");
    path = path.replaceAll("\\{\\w+}", "01900000-0000-7000-8000-000000000000");
    Answer answer = caller.get(path, "Kontor-Min-Position", "999999999999");
    API.check(call, answer);
    assertThat(answer.slug()).as(call.id()).isEqualTo("read-model-behind");
    assertThat(answer.header("Retry-After")).isNotNull();
  }

  /** One call with its example, and the problems that were answered. */
  private static final class Walk {
    private final Set<String> seen = new TreeSet<>();
    private final Call call;
    private final ApiExamples examples;
    private final String role;

    Walk(Call call, ApiExamples examples) {
      this.call = call;
      this.examples = examples;
      this.role = call.roles().isEmpty() ? "" : call.roles().iterator().next();
    }

    Set<String> provoked() {
      Set<String> slugs = new TreeSet<>();
      call.statuses()
          .filter(status -> !status.equals("default"))
          .forEach(status -> slugs.addAll(call.slugs(Integer.parseInt(status))));
      slugs.removeAll(NOT_PROVOKED);
      if (call.roles().containsAll(ROLES)) {
        slugs.remove("forbidden");
      }
      return slugs;
    }

    void succeed() {
      Ready ready = examples.example();
      String key = BankClient.newKey();
      Answer first = send(role, ready, key);
      assertThat(first.status()).as(first.http().body()).isEqualTo(call.successes().getLast());
      if (call.parameter("Idempotency-Key") != null) {
        assertThat(first.isReplayed()).isFalse();
        Answer again = send(role, ready, key);
        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.isReplayed()).isTrue();
        if (ANSWERED_ANEW.contains(call.id())) {
          assertThat(again.text("id")).isEqualTo(first.text("id"));
        } else {
          assertThat(again.http().body()).isEqualTo(first.http().body());
        }
        reuse(ready, key);
      }
      if (call.parameter("Prefer") != null) {
        Answer outcome = send(role, ready, BankClient.newKey(), "Prefer", "wait=30");
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(call.successes()).containsExactly(200, 202);
      } else {
        assertThat(call.successes()).hasSize(1);
      }
      if (call.isRead()) {
        call.roles().forEach(reader -> assertThat(send(reader, ready, "").status()).isEqualTo(200));
      }
      call.slugs(409).stream()
          .filter(examples::isForTheFirstTimeOnly)
          .forEach(
              slug -> assertThat(send(role, ready, BankClient.newKey()).slug()).isEqualTo(slug));
    }

    private void reuse(Ready ready, String key) {
      if (call.id().equals("notifyOfPayment")) {
        Ready other = ready.with("the account is unknown", "another reason");
        assertThat(send(role, other, key).slug()).isEqualTo("idempotency-key-reuse");
        return;
      }
      String used = BankClient.newKey();
      if (role.equals("operator")) {
        BANK.operator()
            .post(
                "/v1/tenants",
                "{'id':'k%s','name':'n'}".formatted(used.substring(0, 8)),
                "Idempotency-Key",
                used)
            .expect(201);
      } else {
        examples
            .teller()
            .post(
                "/v1/accounts",
                "{'customer':'c','owner':'o','currency':'EUR'}",
                "Idempotency-Key",
                used)
            .expect(201);
      }
      assertThat(send(role, ready, used).slug()).isEqualTo("idempotency-key-reuse");
    }

    void refuseCallers() {
      if (call.roles().isEmpty()) {
        return;
      }
      Ready ready = examples.unknown();
      assertThat(raw(null, ready, "application/json").status()).isEqualTo(401);
      for (String other : ROLES) {
        if (!call.roles().contains(other)) {
          assertThat(send(other, ready, BankClient.newKey()).slug()).isEqualTo("forbidden");
        }
      }
      if (call.slugs(403).contains("unknown-tenant")) {
        String stranger =
            BANK.anyone()
                .withToken(
                    "no-such-bank",
                    "s",
                    call.roles().stream().filter(r -> !r.equals("operator")).findFirst().get())
                .token();
        assertThat(raw(stranger, ready, "application/json").slug()).isEqualTo("unknown-tenant");
      }
    }

    void refuseRequests() {
      Ready ready = examples.anyId();
      String token = role.isEmpty() ? null : examples.with(role).token();
      if (call.example() != null) {
        Ready wrong = new Ready(ready.path(), "{\"noSuchField\":1}");
        assertThat(send(role, wrong, BankClient.newKey()).status()).isEqualTo(400);
        Ready large = new Ready(ready.path(), " ".repeat(1_100_000));
        assertThat(raw(token, large, "application/json").status()).isEqualTo(413);
        assertThat(raw(token, ready, "text/plain", "Idempotency-Key", BankClient.newKey()).status())
            .isEqualTo(415);
      } else if (call.isRead()) {
        assertThat(send(role, ready, "", "Kontor-Min-Position", "x").status()).isEqualTo(400);
      } else {
        assertThat(send(role, ready, "k".repeat(256)).status()).isEqualTo(400);
      }
      if (call.requires("Idempotency-Key")) {
        assertThat(raw(token, ready, "application/json").status()).isEqualTo(400);
      }
      if (call.slugs(404).contains("not-found")) {
        assertThat(send(role, examples.unknown(), BankClient.newKey()).status()).isEqualTo(404);
      }
      if (call.parameter("If-Match") != null) {
        Answer changed =
            send(role, examples.example(), BankClient.newKey(), "If-Match", "\"999999\"");
        assertThat(changed.status()).isEqualTo(412);
      }
    }

    void refuseInTheDomain() {
      Stream.of(409, 422)
          .flatMap(status -> call.slugs(status).stream())
          .filter(slug -> !NOT_PROVOKED.contains(slug) && !seen.contains(slug))
          .forEach(
              slug -> {
                Answer answer = send(role, examples.rejected(slug), BankClient.newKey());
                assertThat(answer.slug()).as(answer.http().body()).isEqualTo(slug);
              });
    }

    /** Sends with a key where the call takes one, and checks the answer. */
    private Answer send(String role, Ready ready, String key, String... headers) {
      List<String> all = new ArrayList<>(List.of(headers));
      if (call.parameter("Idempotency-Key") != null) {
        all.addAll(List.of("Idempotency-Key", key));
      }
      String token = role.isEmpty() ? null : examples.with(role).token();
      return raw(token, ready, "application/json", all.toArray(String[]::new));
    }

    private Answer raw(String token, Ready ready, String type, String... headers) {
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://localhost:" + BANK.anyone().port() + ready.path()))
              .method(
                  call.method(),
                  ready.body() == null
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(ready.body()));
      if (ready.body() != null) {
        request.header("Content-Type", type);
      }
      if (token != null) {
        request.header("Authorization", "Bearer " + token);
      }
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      try {
        var answer = new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
        API.check(call, answer);
        if (answer.status() >= 400) {
          seen.add(answer.slug());
        }
        return answer;
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
