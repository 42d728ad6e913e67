package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.kontor.dev.DevSigningKey;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Only a token that the bank believes opens anything, and no more than its roles may do: at a node,
 * and at a gateway in front of it.
 */
@ParameterizedClass
@ValueSource(booleans = {false, true})
@Tag("system")
class AuthorizationAttackTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String TENANT = BANK.newTenant();
  private static final List<String> CALLS = mapped();

  @Parameter private boolean isBehindAGateway;

  @Test
  void everyEndpointIsInTheTable() {
    assertThat(Endpoint.ALL.stream().map(Endpoint::call))
        .containsExactlyInAnyOrderElementsOf(CALLS);
  }

  @ParameterizedTest
  @FieldSource("io.kontor.app.Endpoint#ALL")
  void onlyWhoMayMakeACallGetsPastTheDoor(Endpoint endpoint) {
    if (endpoint.roles().isEmpty()) {
      return;
    }
    assertThat(endpoint.send(bank().anyone(), Endpoint.UNKNOWN).expect(401).slug())
        .isEqualTo("unauthorized");
    for (String role : Set.of("teller", "customer", "auditor", "admin", "clearing", "operator")) {
      Answer answer = endpoint.send(caller(role), Endpoint.UNKNOWN);
      if (endpoint.roles().contains(role)) {
        assertThat(answer.status())
            .as("%s as %s: %s", endpoint, role, answer.http().body())
            .isNotIn(401, 403, 405, 500);
      } else {
        assertThat(answer.expect(403).slug()).as("%s as %s", endpoint, role).isEqualTo("forbidden");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "expired",
        "not yet valid",
        "no end",
        "no subject",
        "no roles",
        "roles as text",
        "roles with null",
        "roles with a number",
        "roles as an object",
        "tenant as a number",
        "tenant as a list",
        "subject with NUL",
        "subject with a line break",
        "subject of half a character",
        "subject that never ends",
        "end as text",
        "end as a list",
        "end beyond all time",
        "begin as text",
        "issued as an object",
        "another key",
        "alg none",
        "hmac with the public key"
      })
  void aTokenThatIsNotBelievedOpensNothing(String flaw) throws JOSEException {
    BankClient forger = new BankClient(bank().anyone().port(), forged(flaw));
    Answer answer = forger.get("/v1/accounts").expect(401);
    assertThat(answer.slug()).isEqualTo("unauthorized");
    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(forger.post("/v1/accounts", "{}").status()).isEqualTo(401);
  }

  @Test
  void aSignedTokenWithAClaimThatIsNotTakenIsToldWhichOne() throws JOSEException {
    int port = bank().anyone().port();
    Answer answer = new BankClient(port, forged("subject with NUL")).get("/v1/accounts");
    assertThat(answer.expect(401).text("detail")).contains("sub must have 1 to 255");
    assertThat(answer.header("WWW-Authenticate")).contains("invalid_token", "sub must have");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nobody", "ACME", "../acme", "acme/x", "acme'--", "kontor", "a", "acme\u0000"})
  void aTenantThatIsNotRegisteredIsRefused(String unknown) throws JOSEException {
    BankClient caller =
        new BankClient(bank().anyone().port(), signed(claims().claim("tenant", unknown)));
    assertThat(caller.get("/v1/accounts").expect(403).slug()).isEqualTo("unknown-tenant");
  }

  @Test
  void rolesThatDoNotGoTogetherAreRefused() throws JOSEException {
    int port = bank().anyone().port();
    var operatorInATenant = claims().claim("roles", List.of("operator"));
    var operatorAndTeller =
        claims().claim("tenant", null).claim("roles", List.of("operator", "teller"));
    var tellerOfNone = claims().claim("tenant", null);
    var unknownRole = claims().claim("roles", List.of("TELLER", "root", ""));
    for (var claims : List.of(operatorInATenant, operatorAndTeller, tellerOfNone, unknownRole)) {
      assertThat(new BankClient(port, signed(claims)).get("/v1/accounts").status()).isEqualTo(403);
    }
    assertThat(
            new BankClient(port, signed(operatorInATenant)).get("/v1/admin/projections").status())
        .isEqualTo(403);
  }

  private BankFixture bank() {
    return isBehindAGateway ? GatewayFixture.bank() : BANK;
  }

  private BankClient caller(String role) {
    return role.equals("operator")
        ? bank().operator()
        : bank().anyone().withToken(TENANT, "mallory", role);
  }

  /** Method and path of every call of the API; pages of the console are no calls of their own. */
  private static List<String> mapped() {
    var mapping = BANK.part("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    return mapping.getHandlerMethods().entrySet().stream()
        .filter(entry -> entry.getValue().getBeanType().getName().startsWith("io.kontor."))
        .filter(entry -> !entry.getValue().getBeanType().getName().startsWith("io.kontor.console."))
        .map(Map.Entry::getKey)
        .flatMap(
            info ->
                info.getPatternValues().stream()
                    .flatMap(
                        path ->
                            info.getMethodsCondition().getMethods().stream()
                                .map(method -> method + " " + path)))
        // A call may take its body in two forms.
        .distinct()
        .toList();
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("mallory")
        .claim("iat", in(0))
        .claim("exp", in(600))
        .claim("tenant", TENANT)
        .claim("roles", List.of("teller"));
  }

  private static long in(long seconds) {
    return Instant.now().plusSeconds(seconds).getEpochSecond();
  }

  private static String forged(String flaw) throws JOSEException {
    return switch (flaw) {
      case "garbage" -> "a.b.c";
      case "expired" -> signed(claims().claim("exp", in(-3600)));
      case "not yet valid" -> signed(claims().claim("nbf", in(300)));
      case "no end" -> signed(claims().claim("exp", null));
      case "no subject" -> signed(claims().subject(null));
      case "no roles" -> signed(claims().claim("roles", null));
      case "roles as text" -> signed(claims().claim("roles", "teller"));
      case "roles with null" -> signed(claims().claim("roles", Arrays.asList("teller", null)));
      case "roles with a number" -> signed(claims().claim("roles", List.of("teller", 7)));
      case "roles as an object" -> signed(claims().claim("roles", Map.of("teller", true)));
      case "tenant as a number" -> signed(claims().claim("tenant", 7));
      case "tenant as a list" -> signed(claims().claim("tenant", List.of(TENANT)));
      case "subject with NUL" -> signed(claims().subject("mallory\u0000"));
      case "subject with a line break" -> signed(claims().subject("mal\r\nlory"));
      case "subject of half a character" -> signedAsWritten(claims(), "mallory", "\\ud83d");
      case "subject that never ends" -> signed(claims().subject("x".repeat(300)));
      case "end as text" -> signed(claims().claim("exp", "tomorrow"));
      case "end as a list" -> signed(claims().claim("exp", List.of(in(600))));
      case "end beyond all time" -> signed(claims().claim("exp", 1e300));
      case "begin as text" -> signed(claims().claim("nbf", "yesterday"));
      case "issued as an object" -> signed(claims().claim("iat", Map.of()));
      case "another key" ->
          signed(
              claims(), JWSAlgorithm.RS256, new RSASSASigner(new RSAKeyGenerator(2048).generate()));
      case "alg none" -> new PlainJWT(claims().build()).serialize();
      case "hmac with the public key" ->
          signed(
              claims(),
              JWSAlgorithm.HS256,
              new MACSigner(key().jwk().toRSAPublicKey().getEncoded()));
      default -> throw new IllegalStateException(flaw);
    };
  }

  static String signed(JWTClaimsSet.Builder claims) throws JOSEException {
    return signed(claims, JWSAlgorithm.RS256, new RSASSASigner(key().jwk()));
  }

  private static String signed(
      JWTClaimsSet.Builder claims, JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
    var token = new SignedJWT(new JWSHeader(algorithm), claims.build());
    token.sign(signer);
    return token.serialize();
  }

  /** With what a library would not write for us. */
  private static String signedAsWritten(JWTClaimsSet.Builder claims, String from, String to)
      throws JOSEException {
    String json = claims.build().toString().replace(from, to);
    var token = new JWSObject(new JWSHeader(JWSAlgorithm.RS256), new Payload(json));
    token.sign(new RSASSASigner(key().jwk()));
    return token.serialize();
  }

  private static DevSigningKey key() {
    return BANK.part("devKey", DevSigningKey.class);
  }
}
