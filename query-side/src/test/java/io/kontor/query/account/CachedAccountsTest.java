package io.kontor.query.account;

import static io.kontor.query.BranchOffice.as;
import static io.kontor.query.BranchOffice.euro;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountQuery.FindAccount;
import io.kontor.api.money.Money;
import io.kontor.cache.ReadModelCache;
import io.kontor.embeddedredis.EmbeddedRedis;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.projections.account.AccountProjection;
import io.kontor.query.BranchOffice;
import io.kontor.redis.RedisNodes;
import io.kontor.redis.RedisProperties;
import io.kontor.tenancy.TenantId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The cache in front of the read models: on the node that projects, on another, and with Redis. */
class CachedAccountsTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final BranchOffice OFFICE = new BranchOffice();
  private static final int ACCOUNTS = 12;

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Test
  void aRepeatedReadIsServedFromTheCacheUntilTheAccountChanges() {
    var meters = new SimpleMeterRegistry();
    AccountQueryHandler node = node(OFFICE.otherNode(null, meters));
    AccountId account = opened("ada");
    awaitCached(node, account, meters);

    OFFICE.deposited(1, account, "5.00", "5.00");

    long position = OFFICE.head();
    assertThat(find(node, account, position).balance()).isEqualTo(euro("5.00"));
    await().until(() -> find(node, account, null).balance().equals(euro("5.00")));
  }

  @Test
  void theOwnerAndTheTenantAreCheckedAfterTheCache() {
    var meters = new SimpleMeterRegistry();
    AccountQueryHandler node = node(OFFICE.otherNode(null, meters));
    AccountId account = opened("ada");
    awaitCached(node, account, meters);

    var asBob = new FindAccount(account.uuid(), "bob");
    assertThat(as(ACME, () -> node.handle(asBob, null))).isEmpty();
    var asAda = new FindAccount(account.uuid(), "ada");
    assertThat(as(ACME, () -> node.handle(asAda, null))).isPresent();
    assertThat(as(GLOBEX, () -> node.handle(asAda, null))).isEmpty();
  }

  @Test
  void anAccountThatWasMissingIsFoundOnceItIsOpened() {
    var meters = new SimpleMeterRegistry();
    AccountQueryHandler node = node(OFFICE.otherNode(null, meters));
    awaitCached(node, opened("ada"), meters);
    var account = new AccountId(ACME, UUID.randomUUID());
    var query = new FindAccount(account.uuid(), null);
    assertThat(as(ACME, () -> node.handle(query, null))).isEmpty();
    assertThat(as(ACME, () -> node.handle(query, null))).isEmpty();

    long position = OFFICE.publishes(opening(account, "ada"));
    OFFICE.awaitPosition(AccountProjection.NAME, position);

    assertThat(as(ACME, () -> node.handle(query, position))).isPresent();
  }

  @Test
  void aForgottenPersonsNameIsGoneFromTheCachesOfAllNodes() {
    List<EmbeddedRedis> servers = List.of(EmbeddedRedis.start(), EmbeddedRedis.start());
    try (RedisNodes one = redis(servers);
        RedisNodes two = redis(servers)) {
      List<AccountQueryHandler> nodes = new ArrayList<>();
      AccountId account = opened("carol");
      for (RedisNodes redis : Arrays.asList(null, one, two)) {
        var meters = new SimpleMeterRegistry();
        AccountQueryHandler node = node(OFFICE.otherNode(redis, meters));
        nodes.add(node);
        awaitCached(node, account, meters);
        assertThat(find(node, account, null).owner()).isEqualTo("carol's name");
      }

      as(
          ACME,
          () -> {
            OFFICE.personalData.forget("carol", OFFICE.personalData.keyOf("carol"));
            return true;
          });

      assertThat(nodes)
          .allSatisfy(
              node ->
                  assertThat(find(node, account, null).owner())
                      .isEqualTo(PersonalDataService.FORGOTTEN));
    } finally {
      servers.forEach(EmbeddedRedis::close);
    }
  }

  /**
   * Writers deposit, so a balance only grows; readers on three nodes read with their own position
   * and without; servers are killed, suspended and started meanwhile, and editions begin.
   */
  @Test
  void noReaderSeesAnAccountOlderThanItsOwnPositionWhileServersComeAndGo() throws Exception {
    long seed = System.nanoTime();
    System.out.println("cache checker seed=" + seed);
    List<EmbeddedRedis> servers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      servers.add(EmbeddedRedis.start());
    }
    try (RedisNodes one = redis(servers);
        RedisNodes two = redis(servers);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var meters = new SimpleMeterRegistry();
      List<AccountQueryHandler> nodes =
          List.of(
              node(OFFICE.cache),
              node(OFFICE.otherNode(one, meters)),
              node(OFFICE.otherNode(two, meters)));
      List<AccountId> accounts = new ArrayList<>();
      for (int i = 0; i < ACCOUNTS; i++) {
        accounts.add(opened("customer-" + i));
      }
      awaitCached(nodes.get(1), accounts.getFirst(), meters);
      // By account: what is readable at the position of the last deposit that was waited for.
      var confirmed = new AtomicLongArray(ACCOUNTS);
      var positions = new AtomicLongArray(ACCOUNTS);
      var stop = new AtomicBoolean();
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < 6; reader++) {
        var random = new Random(seed + reader);
        AccountQueryHandler node = nodes.get(reader % nodes.size());
        readers.add(
            threads.submit(
                () -> {
                  Map<Integer, Long> seen = new HashMap<>();
                  while (!stop.get()) {
                    int account = random.nextInt(ACCOUNTS);
                    boolean withPosition = random.nextBoolean();
                    long position = positions.get(account);
                    long least = withPosition ? confirmed.get(account) : 0;
                    long minPosition = Math.max(position, positions.get(account));
                    AccountDetails found =
                        find(node, accounts.get(account), withPosition ? minPosition : null);
                    long balance = found.balance().minorUnits();
                    assertThat(balance)
                        .as("seed %d account %d", seed, account)
                        .isGreaterThanOrEqualTo(least)
                        .isGreaterThanOrEqualTo(seen.getOrDefault(account, 0L));
                    seen.put(account, balance);
                  }
                  return true;
                }));
      }

      var random = new Random(seed);
      long[] balances = new long[ACCOUNTS];
      for (int i = 0; i < 300; i++) {
        int account = random.nextInt(ACCOUNTS);
        balances[account] += 1;
        long position =
            OFFICE.publishes(
                new MoneyDeposited(
                    accounts.get(account),
                    UUID.randomUUID(),
                    cents(1),
                    cents(balances[account]),
                    "in"));
        OFFICE.awaitPosition(AccountProjection.NAME, position);
        positions.set(account, position);
        confirmed.set(account, balances[account]);
        EmbeddedRedis server = servers.get(random.nextInt(servers.size()));
        switch (i % 50) {
          case 10 -> {
            server.kill();
            server.restart();
          }
          case 20 -> servers.forEach(EmbeddedRedis::pause);
          case 30 -> servers.forEach(EmbeddedRedis::resume);
          case 40 -> OFFICE.beginsEdition(AccountProjection.NAME);
          default -> {}
        }
      }
      stop.set(true);
      for (Future<?> reader : readers) {
        join(reader);
      }

      AccountQueryHandler database = node(OFFICE.uncached());
      for (int i = 0; i < ACCOUNTS; i++) {
        AccountId account = accounts.get(i);
        AccountDetails row = find(database, account, null);
        assertThat(row.balance()).isEqualTo(cents(balances[i]));
        for (AccountQueryHandler node : nodes) {
          await().untilAsserted(() -> assertThat(find(node, account, null)).isEqualTo(row));
        }
      }
      assertThat(count(meters, "redis")).as("reads from Redis").isPositive();
    } finally {
      servers.forEach(EmbeddedRedis::close);
    }
  }

  private static void join(Future<?> reader) throws Exception {
    try {
      reader.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause());
    }
  }

  private static AccountId opened(String customer) {
    var account = new AccountId(ACME, UUID.randomUUID());
    OFFICE.awaitPosition(AccountProjection.NAME, OFFICE.publishes(opening(account, customer)));
    return account;
  }

  private static AccountOpened opening(AccountId account, String customer) {
    return new AccountOpened(
        account,
        customer,
        as(ACME, () -> OFFICE.personalData.seal(customer, customer + "'s name")),
        Money.currencyOf("EUR"),
        euro("0.00"));
  }

  /** The first reads pass the cache by until the node listens. */
  private static void awaitCached(
      AccountQueryHandler node, AccountId account, SimpleMeterRegistry meters) {
    await()
        .until(
            () -> {
              var _ = find(node, account, null);
              return count(meters, "near") > 0;
            });
  }

  private static double count(SimpleMeterRegistry meters, String result) {
    return meters.find("kontor.cache.reads").tag("result", result).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static AccountDetails find(
      AccountQueryHandler node, AccountId account, @Nullable Long minPosition) {
    return as(ACME, () -> node.handle(new FindAccount(account.uuid(), null), minPosition))
        .orElseThrow();
  }

  private static AccountQueryHandler node(ReadModelCache cache) {
    return new AccountQueryHandler(cache, OFFICE.transactions, OFFICE.sql, OFFICE.personalData);
  }

  private static Money cents(long minorUnits) {
    return new Money(minorUnits, Money.currencyOf("EUR"));
  }

  private static RedisNodes redis(List<EmbeddedRedis> servers) {
    return new RedisNodes(
        new RedisProperties(
            servers.stream().map(EmbeddedRedis::address).toList(),
            null,
            false,
            null,
            null,
            false,
            Duration.ofSeconds(1),
            Duration.ofMillis(20),
            2,
            100),
        new SimpleMeterRegistry());
  }
}
