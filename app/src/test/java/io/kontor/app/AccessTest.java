package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(classes = KontorApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("embedded")
@DirtiesContext // before its folder is deleted
class AccessTest {
  @TempDir static Path folder;

  @LocalServerPort int port;

  @DynamicPropertySource
  static void dataFolder(DynamicPropertyRegistry registry) {
    registry.add("kontor.data.dir", folder::toString);
  }

  record Token(
      @JsonProperty("access_token") String value,
      @JsonProperty("token_type") String type,
      @JsonProperty("expires_in") long lifetime) {}

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # role,   GET accounts, POST accounts, GET transfers, POST transfers, trial balance, projections, rebuild, events, tenants
          teller,   200, 400, 200, 400, 403, 403, 403, 403, 403
          customer, 200, 403, 200, 400, 403, 403, 403, 403, 403
          auditor,  200, 403, 200, 403, 200, 200, 403, 200, 403
          admin,    403, 403, 403, 403, 403, 200, 404, 200, 403
          operator, 403, 403, 403, 403, 403, 200, 404, 403, 400
          """)
  void aRoleMayDoWhatTheContractSaysAndNothingElse(
      String role,
      int readAccounts,
      int openAccount,
      int readTransfers,
      int transfer,
      int trialBalance,
      int projections,
      int rebuild,
      int events,
      int tenant) {
    String token = token("acme", role);
    assertThat(status(HttpMethod.GET, "/v1/accounts", token)).isEqualTo(readAccounts);
    assertThat(status(HttpMethod.POST, "/v1/accounts", token)).isEqualTo(openAccount);
    assertThat(status(HttpMethod.GET, "/v1/transfers", token)).isEqualTo(readTransfers);
    assertThat(status(HttpMethod.POST, "/v1/transfers", token)).isEqualTo(transfer);
    assertThat(status(HttpMethod.GET, "/v1/ledger/trial-balance", token)).isEqualTo(trialBalance);
    assertThat(status(HttpMethod.GET, "/v1/admin/projections", token)).isEqualTo(projections);
    assertThat(status(HttpMethod.POST, "/v1/admin/projections/nonsense/rebuild", token))
        .isEqualTo(rebuild);
    assertThat(status(HttpMethod.GET, "/v1/admin/events", token)).isEqualTo(events);
    assertThat(status(HttpMethod.POST, "/v1/tenants", token)).isEqualTo(tenant);
  }

  @Test
  void withoutAValidTokenThereIsAChallenge() {
    for (String token : new String[] {null, "nonsense", token("acme", "teller") + "x"}) {
      ResponseEntity<String> answer = ask(HttpMethod.GET, "/v1/accounts", token, null);
      assertThat(answer.getStatusCode().value()).isEqualTo(401);
      assertThat(answer.getHeaders().getFirst("WWW-Authenticate")).startsWith("Bearer");
      assertThat(answer.getHeaders().getFirst("Kontor-Correlation-Id")).isNotBlank();
      assertThat(answer.getHeaders().getContentType())
          .isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
    }
  }

  @Test
  void aTenantThatNobodyRegisteredIsRefusedUntilSomebodyDoes() {
    String id = "t-" + UUID.randomUUID().toString().substring(0, 8);
    String teller = token(id, "teller");
    assertThat(ask(HttpMethod.GET, "/v1/accounts", teller, null).getBody())
        .contains("unknown-tenant");
    String body = "{\"id\":\"%s\",\"name\":\"New\"}".formatted(id);
    String operator = token(null, "operator");
    assertThat(ask(HttpMethod.POST, "/v1/tenants", operator, body).getStatusCode().value())
        .isEqualTo(201);
    assertThat(ask(HttpMethod.POST, "/v1/tenants", operator, body).getBody())
        .contains("tenant-exists");
    assertThat(status(HttpMethod.GET, "/v1/accounts", teller)).isEqualTo(200);
  }

  @Test
  void whatIsPublicNeedsNoToken() {
    assertThat(status(HttpMethod.GET, "/v3/api-docs", null)).isEqualTo(200);
    assertThat(status(HttpMethod.GET, "/actuator/health", null)).isEqualTo(200);
    assertThat(status(HttpMethod.GET, "/actuator/env", null)).isEqualTo(401);
    assertThat(status(HttpMethod.GET, "/v1/anything", token("acme", "teller"))).isEqualTo(403);
  }

  @Test
  void theStateOfPoolsAndBreakersIsForOperators() {
    String health = "/actuator/health";
    assertThat(ask(HttpMethod.GET, health, token(null, "operator"), null).getBody())
        .contains("appPool", "\"waiting\":0", "\"breaker\":\"closed\"");
    assertThat(ask(HttpMethod.GET, health, token("acme", "teller"), null).getBody())
        .isEqualTo(ask(HttpMethod.GET, health, null, null).getBody())
        .doesNotContain("breaker");
  }

  @Test
  void theApiDescriptionHasTheCallsAndNothingElse() {
    String paths = ask(HttpMethod.GET, "/v3/api-docs", null, null).getBody();
    Set<String> described =
        JsonMapper.shared()
            .readTree(paths)
            .path("paths")
            .propertyStream()
            .flatMap(
                path ->
                    path.getValue().propertyNames().stream()
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
            .collect(Collectors.toSet());
    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(Endpoint.ALL.stream().map(Endpoint::call).toList());
  }

  private int status(HttpMethod method, String path, @Nullable String token) {
    return ask(method, path, token, method.equals(HttpMethod.POST) ? "{}" : null)
        .getStatusCode()
        .value();
  }

  private ResponseEntity<String> ask(
      HttpMethod method, String path, @Nullable String token, @Nullable String body) {
    var request = client().method(method).uri(path);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.contentType(MediaType.APPLICATION_JSON).body(body);
    }
    return request
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .retrieve()
        .onStatus(status -> true, (asked, answer) -> {})
        .toEntity(String.class);
  }

  private String token(@Nullable String tenant, String role) {
    String named = tenant == null ? "null" : '"' + tenant + '"';
    Token token =
        client()
            .post()
            .uri("/dev/token")
            .contentType(MediaType.APPLICATION_JSON)
            .body("{\"tenant\":%s,\"subject\":\"alice\",\"roles\":[\"%s\"]}".formatted(named, role))
            .retrieve()
            .body(Token.class);
    assertThat(token.type()).isEqualTo("Bearer");
    return token.value();
  }

  private RestClient client() {
    return RestClient.create("http://127.0.0.1:" + port);
  }
}
