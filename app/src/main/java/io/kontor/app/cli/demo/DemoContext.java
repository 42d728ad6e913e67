package io.kontor.app.cli.demo;

import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What the parts of one tenant's year share: its accounts, where events go, and chance. */
final class DemoContext {
  /** The actor of what no person did. */
  static final String SYSTEM = "system";

  private static final int TRIES = 50;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final DemoTenant tenant;
  private final EventHistory history;
  private final Random random;
  private final PersonalDataService personalData;
  private final List<DemoAccount> accounts = new ArrayList<>();

  DemoContext(
      DemoTenant tenant, EventHistory history, Random random, PersonalDataService personalData) {
    this.tenant = tenant;
    this.history = history;
    this.random = random;
    this.personalData = personalData;
  }

  DemoTenant tenant() {
    return tenant;
  }

  /** The accounts that were opened so far. */
  List<DemoAccount> accounts() {
    return accounts;
  }

  DemoAccount anyAccount() {
    return any(accounts);
  }

  /** An account that has so much available, if one is found. */
  @Nullable DemoAccount accountWith(long amount) {
    return accountWith(amount, account -> true);
  }

  /**
   * An account that has so much available and may be frozen: not that of a person to sign in as.
   */
  @Nullable DemoAccount accountToFreezeWith(long amount) {
    return accountWith(amount, account -> !account.customer().equals(DemoTenant.ALICE));
  }

  private @Nullable DemoAccount accountWith(long amount, Predicate<DemoAccount> condition) {
    return Stream.generate(this::anyAccount)
        .limit(TRIES)
        .filter(account -> account.has(amount) && condition.test(account))
        .findFirst()
        .orElse(null);
  }

  <T> T any(List<T> several) {
    return several.get(random.nextInt(several.size()));
  }

  /** A number from {@code low} to {@code high}. */
  int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  boolean inOneOf(int cases) {
    return random.nextInt(cases) == 0;
  }

  /** A time from {@code from} on and before {@code to}, in whole milliseconds. */
  Instant between(Instant from, Instant to) {
    long millis = Duration.between(from, to).toMillis();
    return from.plusMillis(millis <= 0 ? 0 : random.nextLong(millis));
  }

  UUID id(Instant at) {
    return history.id(at);
  }

  void add(Instant at, String actor, Object... unit) {
    history.add(at, actor, unit);
  }

  SealedText seal(String customer, String text) {
    return TenantContext.call(tenant.id(), () -> personalData.seal(customer, text));
  }

  SealedText sealName(String customer, String name) {
    return TenantContext.call(tenant.id(), () -> personalData.sealName(customer, name));
  }

  SealedText sealAsJson(String customer, Object value) {
    return seal(customer, JSON.writeValueAsString(value));
  }
}
