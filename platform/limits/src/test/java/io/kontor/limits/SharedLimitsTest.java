package io.kontor.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.embeddedredis.EmbeddedRedis;
import io.kontor.redis.RedisNodes;
import io.kontor.redis.RedisProperties;
import io.kontor.tenancy.TenantId;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.security.TokenClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Two gateways that count together in a real Redis, with connections and plans of their own. */
@Tag("fast")
class SharedLimitsTest {
  private static final int USER = 300;
  private static final LimitsProperties LIMITS =
      new LimitsProperties(USER, 3, 1000, Map.of(), true);
  private static final JwtAuthenticationToken ALICE = user("acme", "alice");

  private final SteppedClock clock = new SteppedClock();
  private final EmbeddedRedis server = EmbeddedRedis.start();
  private final List<Gateway> gateways = List.of(new Gateway("gateway"), new Gateway("gateway"));

  @AfterEach
  void stop() {
    gateways.forEach(Gateway::close);
    server.close();
  }

  @Test
  void tenClientsOfOneUserAtTwoGatewaysAreServedTheLimitAndNoMore() throws Exception {
    for (int minute = 0; minute < 3; minute++) {
      List<Callable<Integer>> clients = new ArrayList<>();
      for (int client = 0; client < 10; client++) {
        RateLimits limits = gateways.get(client % 2).limits;
        clients.add(() -> admitted(limits, ALICE));
      }
      assertThat(all(clients)).isEqualTo(USER);
      clock.step(Duration.ofMinutes(1));
    }
  }

  @Test
  void usersOfATenantAreServedTheTenantsLimitAtBothGateways() throws Exception {
    List<Callable<Integer>> clients = new ArrayList<>();
    for (int client = 0; client < 10; client++) {
      RateLimits limits = gateways.get(client % 2).limits;
      JwtAuthenticationToken user = user("acme", "user-" + client);
      clients.add(() -> admitted(limits, user));
    }
    assertThat(all(clients)).isEqualTo(1000);
    assertThat(admitted(gateways.getFirst().limits, user("globex", "alice"))).isEqualTo(USER);
  }

  @Test
  void whatATenantIsRefusedIsGivenBackToItsUserAtTheOtherGateway() {
    gateways.forEach(gateway -> gateway.plan(5, 10));
    assertThat(admitted(gateways.getFirst().limits, user("acme", "bob"))).isEqualTo(5);
    assertThat(admitted(gateways.getLast().limits, ALICE)).isZero();
    gateways.forEach(gateway -> gateway.plan(100, 10));
    assertThat(admitted(gateways.getLast().limits, ALICE)).isEqualTo(10);
  }

  @Test
  void aGatewayWithAnotherPlanYetDoesNotGiveTheOthersMore() {
    assertThat(admitted(gateways.getFirst().limits, ALICE)).isEqualTo(USER);
    gateways.getFirst().plan(1000, 20);
    int more = 0;
    for (int i = 0; i < 10; i++) {
      more += admitted(gateways.getFirst().limits, ALICE);
      more += admitted(gateways.getLast().limits, ALICE);
    }
    assertThat(more).isEqualTo(20);
  }

  @Test
  void anotherProgramCountsApart() {
    assertThat(admitted(gateways.getFirst().limits, ALICE)).isEqualTo(USER);
    try (var node = new Gateway("node")) {
      assertThat(admitted(node.limits, ALICE)).isEqualTo(USER);
    }
  }

  @Test
  void whileTheServerIsAwayEachGatewayHasTheLimitForItself() {
    assertThat(admitted(gateways.getFirst().limits, ALICE)).isEqualTo(USER);
    server.kill();
    for (Gateway gateway : gateways) {
      assertThat(admitted(gateway.limits, ALICE)).isEqualTo(USER);
      assertThat(gateway.meters.get("kontor.limits.apart").counters())
          .anySatisfy(counter -> assertThat(counter.count()).isEqualTo(USER + 1.0));
    }
  }

  private static int all(List<Callable<Integer>> clients) throws Exception {
    int served = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> client : threads.invokeAll(clients)) {
        served += client.get();
      }
    }
    return served;
  }

  /** The requests of a caller that are served before one is refused. */
  private static int admitted(RateLimits limits, JwtAuthenticationToken caller) {
    for (int served = 0; ; served++) {
      try {
        limits.admit(caller, false);
      } catch (ProblemException refused) {
        return served;
      }
    }
  }

  private static JwtAuthenticationToken user(String tenant, String subject) {
    return (JwtAuthenticationToken)
        TokenClaims.authentication()
            .convert(
                Jwt.withTokenValue("t")
                    .header("alg", "none")
                    .subject(subject)
                    .expiresAt(Instant.MAX)
                    .claim(TokenClaims.ROLES, List.of("teller"))
                    .claim(TokenClaims.TENANT, tenant)
                    .build());
  }

  /** The limits of one process. */
  private final class Gateway implements AutoCloseable {
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RateLimits limits;
    private final RedisNodes nodes;
    private final LimitPlans plans =
        new LimitPlans(LIMITS, (_, _) -> Optional.empty(), Runnable::run, clock::currentTimeNanos);

    Gateway(String program) {
      nodes =
          new RedisNodes(
              new RedisProperties(
                  List.of(server.address()),
                  null,
                  false,
                  null,
                  null,
                  false,
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(5),
                  1,
                  100),
              meters);
      limits =
          new RateLimits(LIMITS, plans, meters, clock, new SharedBuckets(nodes, program, clock));
    }

    void plan(int tenant, int user) {
      plans.apply(new TenantId("acme"), new LimitPlan(tenant, user));
    }

    @Override
    public void close() {
      nodes.close();
    }
  }
}
