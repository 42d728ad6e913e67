package io.kontor.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kontor.tenancy.TenantId;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.request.ClientNetwork;
import io.kontor.web.security.ApiKey;
import io.kontor.web.security.ApiKeyHolder;
import io.kontor.web.security.ApiKeyLookup;
import io.kontor.web.security.Role;
import io.kontor.web.security.TokenClaims;
import io.kontor.web.security.VerifiedApiKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
class RateLimitsTest {
  private static final LimitsProperties LIMITS =
      new LimitsProperties(10, 3, 50, Map.of("small", 4), false);

  private static final String ADDRESS = "192.0.2.1";

  private final SteppedClock clock = new SteppedClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<String, LimitPlan> stored = new ConcurrentHashMap<>();
  private final LimitPlans plans = plans(LIMITS);
  private final RateLimits limits = new RateLimits(LIMITS, plans, meters, clock, null);
  private int forged;
  private final SecurityProblemHandler problems =
      new SecurityProblemHandler(
          JsonMapper.builder()
              .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
              .build());

  private LimitPlans plans(LimitsProperties settings) {
    return new LimitPlans(
        settings,
        (tenant, _) -> Optional.ofNullable(stored.get(tenant.value())),
        Runnable::run,
        clock::currentTimeNanos);
  }

  private RateLimits limits(LimitsProperties settings) {
    return new RateLimits(settings, plans(settings), meters, clock, null);
  }

  @AfterEach
  void forgetTheCaller() {
    SecurityContextHolder.clearContext();
  }

  @Test
  void aUserMakesAsManyReadsAndAsManyWritesAMinuteAsTheLimitSays() {
    var alice = user("acme", "alice");
    assertThat(admitted(alice, true)).isEqualTo(10);
    assertThat(admitted(alice, false)).isEqualTo(10);
    clock.step(Duration.ofSeconds(59));
    assertThat(admitted(alice, true)).isZero();
    clock.step(Duration.ofSeconds(1));
    assertThat(admitted(alice, true)).isEqualTo(10);
    assertThat(meters.get("kontor.limits.rejected").tag("policy", "user-reads").counter().count())
        .isEqualTo(3);
  }

  @Test
  void theLimitIsExactWhenManyAskAtOnce() {
    RateLimits limits = limits(new LimitsProperties(1000, 1, 5000, Map.of(), false));
    var alice = user("acme", "alice");
    var served = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10; i++) {
        threads.execute(() -> served.addAndGet(admitted(limits, alice, true)));
      }
    }
    assertThat(served).hasValue(1000);
  }

  @Test
  void usersOfTheSameNameInTwoTenantsAreTwoUsers() {
    assertThat(admitted(user("acme", "alice"), true)).isEqualTo(10);
    assertThat(admitted(user("globex", "alice"), true)).isEqualTo(10);
    assertThat(admitted(operator(), true)).isEqualTo(10);
  }

  @Test
  void aTenantHasALimitForAllItsUsersAndOtherTenantsDoNotNoticeIt() {
    for (int i = 0; i < 5; i++) {
      assertThat(admitted(user("acme", "user-" + i), false)).isEqualTo(10);
    }
    assertThat(admitted(user("acme", "one-more"), false)).isZero();
    assertThat(admitted(user("acme", "one-more"), true)).isEqualTo(10);
    assertThat(admitted(user("globex", "alice"), false)).isEqualTo(10);
    assertThat(admitted(user("small", "alice"), false)).isEqualTo(4);
  }

  @Test
  void whatTheTenantIsRefusedDoesNotCountForTheUser() {
    var alice = user("small", "alice");
    assertThat(admitted(alice, true)).isEqualTo(4);
    for (int i = 0; i < 20; i++) {
      assertThat(admitted(alice, true)).isZero();
    }
    clock.step(Duration.ofMinutes(1));
    assertThat(admitted(alice, true)).isEqualTo(4);
  }

  @Test
  void aPlanThatIsRaisedAppliesWithinSecondsToATenantThatIsOverItsLimit() {
    var alice = user("small", "alice");
    limits.refreshPlan(alice, () -> "token");
    assertThat(admitted(alice, true)).isEqualTo(4);

    stored.put("small", new LimitPlan(20, 7));
    clock.step(Duration.ofSeconds(4));
    limits.refreshPlan(alice, () -> "token");
    assertThat(admitted(alice, true)).isZero();
    clock.step(Duration.ofSeconds(1));
    limits.refreshPlan(alice, () -> "token");
    assertThat(admitted(alice, true)).isEqualTo(3);
    assertThat(admitted(user("small", "bob"), true)).isEqualTo(7);

    clock.step(Duration.ofSeconds(55));
    assertThat(admitted(alice, true)).isEqualTo(7);
  }

  @Test
  void aPlanThatIsLoweredAppliesToTheMinuteUnderWay() {
    var alice = user("acme", "alice");
    assertThat(limits.admit(alice, true)).isNotNull();

    plans.apply(new TenantId("acme"), new LimitPlan(3, 3));
    assertThat(admitted(alice, true)).isEqualTo(2);
    plans.apply(new TenantId("acme"), null);
    assertThat(admitted(alice, true)).isEqualTo(7);
  }

  @Test
  void aPlanThatCanNotBeLookedUpStaysAsItWasKnown() {
    var alice = user("acme", "alice");
    var isAway = new AtomicBoolean();
    var plans =
        new LimitPlans(
            LIMITS,
            (_, _) -> {
              if (isAway.get()) {
                throw new IllegalStateException("the database is away");
              }
              return Optional.of(new LimitPlan(2, 2));
            },
            Runnable::run,
            clock::currentTimeNanos);
    var limits = new RateLimits(LIMITS, plans, meters, clock, null);
    limits.refreshPlan(alice, () -> "token");
    isAway.set(true);
    clock.step(Duration.ofSeconds(10));
    limits.refreshPlan(alice, () -> "token");
    assertThat(admitted(limits, alice, true)).isEqualTo(2);
  }

  @Test
  void aBulkCostsAsManyAsItHasItemsOrNothing() {
    RequestCost cost = limits.admit(user("acme", "alice"), false);
    cost.add(6);
    assertThatThrownBy(() -> cost.add(4)).isInstanceOf(ProblemException.class);
    cost.add(3);
    assertThat(admitted(user("acme", "alice"), false)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"10, 25, 5", "24, 25, 24", "1, 3, 0"})
  void aBulkBeyondAWholeMinuteIsAdmittedOnAnUntouchedOneAndPaidByThoseAfterIt(
      int quota, int transfers, int leftOfTheThirdMinute) {
    var alice = user("acme", "alice");
    RateLimits limits = limits(new LimitsProperties(quota, 1, 5000, Map.of(), false));
    limits.admit(alice, false).add(transfers - 1);
    clock.step(Duration.ofMinutes(2));
    assertThat(admitted(limits, alice, false)).isEqualTo(leftOfTheThirdMinute);
  }

  @Test
  void aBulkBeyondAWholeMinuteIsRefusedWhereTheMinuteIsNotUntouched() {
    var alice = user("acme", "alice");
    assertThat(limits.admit(alice, false)).isNotNull();
    RequestCost bulk = limits.admit(alice, false);
    assertThatThrownBy(() -> bulk.add(24)).isInstanceOf(ProblemException.class);
    assertThat(admitted(alice, false)).isEqualTo(8);
  }

  @Test
  void aStreamWaitsForEachLineWhereAMinuteHasOne() throws Exception {
    var alice = user("acme", "alice");
    RateLimits limits = limits(new LimitsProperties(1, 1, 5000, Map.of(), false));
    RequestCost cost = limits.admit(alice, false);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> line =
          threads.submit(
              () -> {
                cost.addInTime(1);
                return admitted(limits, alice, false) == 0;
              });
      assertThatThrownBy(() -> limits.admit(alice, false)).isInstanceOf(ProblemException.class);
      clock.step(Duration.ofMinutes(1));
      assertThat(line.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aStreamGoesOnWhenItIsWithinTheLimitsAgain() throws Exception {
    var alice = user("acme", "alice");
    RequestCost cost = limits.admit(alice, false);
    cost.add(9);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> line =
          threads.submit(
              () -> {
                cost.addInTime(1);
                return true;
              });
      assertThat(admitted(alice, false)).isZero();
      clock.step(Duration.ofMinutes(1));
      assertThat(line.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(admitted(alice, false)).isEqualTo(9);
  }

  @Test
  void theClearingHouseIsCountedForItsTenantOnly() {
    assertThat(admitted(token("acme", "clearing-house", "clearing"), false)).isEqualTo(50);
  }

  @Test
  void aRefusalSaysWhatIsLeftAndWhenToTryAgain() {
    var alice = user("acme", "alice");
    admitted(alice, true);
    clock.step(Duration.ofMillis(17_500));
    var refused = catchThrowableOfType(ProblemException.class, () -> limits.admit(alice, true));
    assertThat(refused.slug()).isEqualTo("rate-limited");
    assertThat(refused.status().value()).isEqualTo(429);
    assertThat(refused.headers().getFirst("Retry-After")).isEqualTo("43");
    assertThat(refused.headers().getFirst("RateLimit")).isEqualTo("\"user-reads\";r=0;t=43");
    assertThat(refused.headers().getFirst("RateLimit-Policy"))
        .isEqualTo("\"user-reads\";q=10;w=60");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, an-address, 192.0.2.1",
    "2001:db8:1:2:3:4:5:6, a-network, 20010db800010002",
    "2001:db8:1:2::1, the-same, 20010db800010002",
    "2001:db8:1:3::1, another, 20010db800010003",
    "::ffff:192.0.2.1, the-address-in-it, 192.0.2.1",
    "unix, as-it-is, unix"
  })
  void anAddressIsCountedByItsNetwork(String address, String why, String network) {
    assertThat(ClientNetwork.of(address)).as(why).isEqualTo(network);
  }

  @Test
  void requestsWithoutATokenAreCountedByAddress() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(filtered("/v1/accounts", "192.0.2.1").getStatus()).isEqualTo(200);
    }
    MockHttpServletResponse refused = filtered("/v1/accounts", "192.0.2.1");
    assertThat(refused.getStatus()).isEqualTo(429);
    assertThat(refused.getContentType()).isEqualTo("application/problem+json");
    assertThat(refused.getHeader("RateLimit-Policy")).isEqualTo("\"address\";q=3;w=60");
    assertThat(filtered("/v1/accounts", "192.0.2.2").getStatus()).isEqualTo(200);
    assertThat(filtered("/actuator/health/readiness", "192.0.2.1").getStatus()).isEqualTo(200);
    SecurityContextHolder.getContext().setAuthentication(user("acme", "alice"));
    assertThat(filtered("/v1/accounts", "192.0.2.1").getStatus()).isEqualTo(200);
  }

  @Test
  void refusedTokensAreCountedLikeNone() throws Exception {
    var refused = new RefusedTokenEntryPoint(limits, problems);
    for (int i = 0; i < 5; i++) {
      var request = new MockHttpServletRequest("GET", "/v1/accounts");
      request.setRemoteAddr("192.0.2.1");
      var response = new MockHttpServletResponse();
      refused.commence(request, response, new BadCredentialsException("forged"));
      assertThat(response.getStatus()).isEqualTo(i < 3 ? 401 : 429);
    }
  }

  static Stream<RuntimeException> whatADecoderThrowsWithoutKeys() {
    return Stream.of(
        new JwtException("read timed out"),
        new JwtDecoderInitializationException("no metadata", new IOException("refused")));
  }

  @ParameterizedTest
  @MethodSource("whatADecoderThrowsWithoutKeys")
  void aTokenThatCanNotBeVerifiedNowIsToBeSentAgain(RuntimeException thrown) throws Exception {
    var authentication =
        new CallerAuthentication(
            _ -> {
              throw thrown;
            },
            new VerifiedApiKeys((_, _) -> Optional.empty(), InstantSource.system()),
            limits);
    var request = new MockHttpServletRequest("GET", "/v1/accounts");
    var failure =
        catchThrowableOfType(
            AuthenticationException.class,
            () ->
                authentication
                    .resolve(request)
                    .authenticate(new BearerTokenAuthenticationToken("a.b.c")));
    var response = new MockHttpServletResponse();
    new RefusedTokenEntryPoint(limits, problems).commence(request, response, failure);
    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.getContentAsString()).contains("issuer-unavailable");
    assertThat(response.getHeader("Retry-After")).isEqualTo("1");
  }

  @Test
  void requestsWithOneValidApiKeyWaitForOneLookUp() throws Exception {
    ApiKey key = ApiKey.create(new TenantId("acme"), UUID.randomUUID());
    var isKnown = new CountDownLatch(1);
    var authentication =
        authentication(
            (found, _) -> {
              await(isKnown);
              return Optional.of(holder(found));
            });
    List<FutureTask<Authentication>> requests =
        Stream.generate(() -> new FutureTask<>(() -> authenticated(authentication, key)))
            .limit(20)
            .toList();
    List<Thread> threads = requests.stream().map(Thread::startVirtualThread).toList();
    // Each of them looks the key up, waits for that, or was refused.
    Awaitility.await()
        .until(
            () ->
                threads.stream()
                    .map(Thread::getState)
                    .allMatch(Set.of(Thread.State.WAITING, Thread.State.TERMINATED)::contains));
    isKnown.countDown();
    for (Future<Authentication> request : requests) {
      assertThat(request.get(30, TimeUnit.SECONDS).getName()).isEqualTo("key:payroll");
    }
    assertThat(filtered("/v1/accounts", ADDRESS).getStatus()).isEqualTo(200);
  }

  @Test
  void requestsWithAnInvalidApiKeyCountForTheirAddress() throws Exception {
    ApiKey key = ApiKey.create(new TenantId("acme"), UUID.randomUUID());
    var authentication = authentication((_, _) -> Optional.empty());
    for (int i = 0; i < 5; i++) {
      assertThat(refusal(authentication, key).getStatus()).isEqualTo(i < 3 ? 401 : 429);
    }
  }

  @Test
  void aKeyThatCouldNotBeLookedUpIsLookedUpByTheNextRequest() throws Exception {
    ApiKey key = ApiKey.create(new TenantId("acme"), UUID.randomUUID());
    var isAway = new AtomicBoolean(true);
    var authentication =
        authentication(
            (found, _) -> {
              if (isAway.get()) {
                throw ProblemException.tryAgain(ProblemType.NODE_UNAVAILABLE, "away");
              }
              return Optional.of(holder(found));
            });
    for (int i = 0; i < 5; i++) {
      assertThat(refusal(authentication, key).getStatus()).isEqualTo(503);
    }
    isAway.set(false);
    assertThat(authenticated(authentication, key).getName()).isEqualTo("key:payroll");
  }

  private CallerAuthentication authentication(ApiKeyLookup keys) {
    return new CallerAuthentication(
        _ -> {
          throw new JwtException("no token");
        },
        new VerifiedApiKeys(keys, InstantSource.system()),
        limits);
  }

  private static Authentication authenticated(CallerAuthentication authentication, ApiKey key) {
    return authentication
        .resolve(request(ADDRESS))
        .authenticate(new BearerTokenAuthenticationToken(key.reveal()));
  }

  private MockHttpServletResponse refusal(CallerAuthentication authentication, ApiKey key)
      throws IOException {
    var failure =
        catchThrowableOfType(
            AuthenticationException.class, () -> authenticated(authentication, key));
    var response = new MockHttpServletResponse();
    new RefusedTokenEntryPoint(limits, problems).commence(request(ADDRESS), response, failure);
    return response;
  }

  private static MockHttpServletRequest request(String address) {
    var request = new MockHttpServletRequest("GET", "/v1/accounts");
    request.setRemoteAddr(address);
    return request;
  }

  private static ApiKeyHolder holder(ApiKey key) {
    return new ApiKeyHolder(
        key.id(), key.tenant(), "key:payroll", Set.of(Role.TELLER), Instant.MAX);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopping) {
      throw new IllegalStateException(stopping);
    }
  }

  private MockHttpServletResponse filtered(String path, String address)
      throws ServletException, IOException {
    var request = new MockHttpServletRequest("GET", path);
    request.setRemoteAddr(address);
    request.addHeader("Authorization", "Bearer token");
    request.addHeader("X-Forwarded-For", "198.51.100." + forged++);
    var response = new MockHttpServletResponse();
    new RateLimitFilter(limits, problems).doFilter(request, response, new MockFilterChain());
    return response;
  }

  private int admitted(JwtAuthenticationToken caller, boolean isRead) {
    return admitted(limits, caller, isRead);
  }

  /** The requests of a caller that are served before one is refused. */
  private static int admitted(RateLimits limits, JwtAuthenticationToken caller, boolean isRead) {
    for (int served = 0; ; served++) {
      try {
        limits.admit(caller, isRead);
      } catch (ProblemException refused) {
        return served;
      }
    }
  }

  private static JwtAuthenticationToken user(String tenant, String subject) {
    return token(tenant, subject, "teller");
  }

  private static JwtAuthenticationToken operator() {
    return token(null, "alice", "operator");
  }

  private static JwtAuthenticationToken token(
      @Nullable String tenant, String subject, String role) {
    var jwt =
        Jwt.withTokenValue("t")
            .header("alg", "none")
            .subject(subject)
            .expiresAt(Instant.MAX)
            .claim(TokenClaims.ROLES, List.of(role));
    if (tenant != null) {
      jwt.claim(TokenClaims.TENANT, tenant);
    }
    return (JwtAuthenticationToken) TokenClaims.authentication().convert(jwt.build());
  }
}
