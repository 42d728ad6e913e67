package io.kontor.projections.engine;

import static io.kontor.projection.tables.Tables.DEAD_LETTER;
import static io.kontor.projection.tables.Tables.DISCARDED_EVENT;
import static io.kontor.projection.tables.Tables.PARKED_EVENTS;
import static io.kontor.projection.tables.Tables.PROJECTION;
import static io.kontor.projections.tables.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountId;
import io.kontor.projection.Projection;
import io.kontor.projection.deadletter.DeadLetter;
import io.kontor.projection.deadletter.DeadLetterRequests;
import io.kontor.projection.deadletter.DeadLetterService;
import io.kontor.projection.rebuild.RebuildService;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projections.ProjectionFixture;
import io.kontor.tenancy.TenantId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dead letters: a failing stream waits, and other streams continue. */
class DeadLetterTest {
  private static final String ACCOUNTS = "accounts";
  private static final int FOLLOWERS = 20_000;
  private static final int BATCH = 2_000;

  private final Worker worker = new Worker();
  private final Set<Long> poison = new HashSet<>(Set.of(66L));
  private final Projection<?> accounts = new Spoiled(1, this::fail);
  private final LiveBatches live = new LiveBatches(worker, List.of(accounts));
  private final DeadLetterService letters = new DeadLetterService(worker.sql);
  private final DeadLetterRequests requests =
      new DeadLetterRequests(List.of(accounts), worker.asProcessor(), worker.pages());
  private final ProjectionFixture acme = new ProjectionFixture("acme", 1);
  private final ProjectionFixture globex = new ProjectionFixture("globex", 2);
  private final Map<ProjectionFixture, Integer> taken = new HashMap<>();

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void aFailingEventBecomesADeadLetterAndOtherStreamsContinue() {
    AccountId poisoned = acme.open();
    AccountId healthy = acme.open();
    acme.deposit(poisoned, 66);
    acme.deposit(healthy, 10);
    acme.deposit(poisoned, 5);
    take(acme);
    assertThat(balances("acme")).containsExactlyInAnyOrder(0L, 10L);
    assertThat(parked()).isEqualTo(2);

    acme.deposit(poisoned, 1);
    acme.deposit(healthy, 1);
    take(acme);
    assertThat(balances("acme")).containsExactlyInAnyOrder(0L, 11L);
    assertThat(parked()).isEqualTo(3);

    retryAll();
    assertThat(parked()).as("still poisonous").isEqualTo(3);
    assertThat(letter().attempts()).isEqualTo(2);
    assertThat(letter().requested()).isNull();
    assertThat(balances("acme")).containsExactlyInAnyOrder(0L, 11L);

    poison.clear();
    retryAll();
    assertThat(parked()).isZero();
    assertThat(letters.list(ACCOUNTS, null, 10)).isEmpty();
    assertThat(balances("acme")).containsExactlyInAnyOrder(72L, 11L);
  }

  @Test
  void followersOfADeadLetterAreCountedInItsRowAndOtherStreamsContinue() {
    AccountId busy = acme.open();
    acme.deposit(busy, 66);
    for (int n = 0; n < FOLLOWERS; n++) {
      acme.deposit(busy, 1);
    }
    AccountId other = globex.open();
    List<EventMessage<?>> events = worker.store(newEvents(acme));
    for (int from = 0; from < events.size(); from += BATCH) {
      live.take(events.subList(from, Math.min(events.size(), from + BATCH)));
      globex.deposit(other, 1);
    }
    take(globex);

    assertThat(worker.sql.fetchCount(DEAD_LETTER)).isOne();
    assertThat(letter().followers()).isEqualTo(FOLLOWERS);
    assertThat(parked()).isEqualTo(1 + FOLLOWERS);
    assertThat(balances("globex")).containsExactly(11L);
    assertThat(worker.sql.selectFrom(PROJECTION).fetch(PROJECTION.POSITION))
        .as("nothing stopped the projection")
        .containsExactly(worker.pages().head());

    poison.clear();
    retryAll();
    assertThat(parked()).isZero();
    assertThat(balances("acme")).containsExactly(66L + FOLLOWERS);
  }

  @Test
  void aRetryOfAllCoversMoreDeadLettersThanOneBatch() {
    for (int i = 0; i < 250; i++) {
      acme.deposit(acme.open(), 66);
    }
    take(acme);
    assertThat(parked()).isEqualTo(250);

    poison.clear();
    retryAll();
    assertThat(parked()).isZero();
  }

  @Test
  void aRetryStopsAtTheNextEventThatFails() {
    AccountId account = acme.open();
    acme.deposit(account, 66);
    for (int i = 0; i < 1_000; i++) {
      acme.deposit(account, 1);
    }
    take(acme);
    UUID first = letter().id();

    poison.clear();
    poison.add(800L);
    retryAll();

    assertThat(balances("acme")).containsExactly(799L);
    assertThat(letter().version()).isEqualTo(735);
    assertThat(letter().followers()).isEqualTo(266);
    assertThat(letter().id()).as("another event is another letter").isNotEqualTo(first);
    assertThat(parked()).isEqualTo(267);
  }

  @Test
  void aDiscardedEventIsSkippedAndItsFollowersAreProjected() {
    AccountId account = acme.open();
    acme.deposit(account, 66);
    acme.deposit(account, 1);
    take(acme);

    assertThat(letters.requestDiscard(ACCOUNTS, letter().id(), "eve", "booked by hand")).isTrue();
    assertThat(requests.work()).isTrue();

    assertThat(parked()).isZero();
    assertThat(balances("acme")).containsExactly(67L);
    var record = worker.sql.selectFrom(DISCARDED_EVENT).fetchSingle();
    assertThat(record.get(DISCARDED_EVENT.DISCARDED_BY)).isEqualTo("eve");
    assertThat(record.get(DISCARDED_EVENT.REASON)).isEqualTo("booked by hand");
    assertThat(record.get(DISCARDED_EVENT.CAUSE)).isEqualTo("poison");
    assertThat(record.get(DISCARDED_EVENT.SEQUENCE)).isEqualTo(1);

    RebuildService rebuilds = worker.rebuilds(List.of(accounts));
    rebuilds.work(rebuilds.request(List.of(ACCOUNTS), null, null).id());
    assertThat(parked()).as("left out of a rebuilt read model, too").isZero();
    assertThat(balances("acme")).containsExactly(67L);
  }

  @Test
  void aRequestForADiscardedEventDoesNotApplyToTheNextOne() {
    AccountId account = acme.open();
    acme.deposit(account, 66);
    poison.add(67L);
    acme.deposit(account, 1);
    take(acme);
    UUID first = letter().id();
    letters.requestDiscard(ACCOUNTS, first, "eve", "once");
    requests.work();

    assertThat(letter().version()).isEqualTo(2);
    assertThat(letters.requestDiscard(ACCOUNTS, first, "eve", "twice")).isFalse();
    assertThat(letters.requestRetry(ACCOUNTS, first, "eve")).isFalse();
    assertThat(letters.find(ACCOUNTS, first)).isEmpty();
    assertThat(requests.work()).isFalse();
  }

  @Test
  void deadLettersOfAnEarlierVersionAreRetriedAfterTheUpgrade() {
    AccountId account = acme.open();
    acme.deposit(account, 66);
    acme.deposit(account, 1);
    acme.deposit(account, 1);
    take(acme);
    // A row migrated from Axon's queue: the first of three events.
    worker.sql.execute(
        """
        update kontor.dead_letter set message_type = 'm', payload = 'p', metadata = 'm',
          token_type = 't', token = 't', diagnostics = ''
        """);

    poison.clear();
    retryAll();
    assertThat(parked()).isZero();
    assertThat(balances("acme")).containsExactly(68L);
  }

  private void fail(AccountEvent event) {
    if (event instanceof MoneyDeposited deposited
        && poison.contains(deposited.balance().minorUnits())) {
      throw new IllegalArgumentException("poison");
    }
  }

  private void take(ProjectionFixture bank) {
    live.take(worker.store(newEvents(bank)));
  }

  private List<DomainEventMessage<?>> newEvents(ProjectionFixture bank) {
    int from = taken.getOrDefault(bank, 0);
    taken.put(bank, bank.events().size());
    return List.copyOf(bank.events().subList(from, bank.events().size()));
  }

  private void retryAll() {
    letters.requestRetry(ACCOUNTS, "eve");
    while (requests.work()) {
      // more than one batch
    }
  }

  private DeadLetter letter() {
    List<DeadLetter> all = letters.list(ACCOUNTS, null, 10);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /** The number that operators see, which must be correct. */
  private long parked() {
    Long shown =
        worker
            .sql
            .select(PARKED_EVENTS.EVENTS)
            .from(PARKED_EVENTS)
            .where(PARKED_EVENTS.PROJECTION.eq(ACCOUNTS))
            .fetchOne(PARKED_EVENTS.EVENTS);
    assertThat(shown == null ? 0 : shown).isEqualTo(letters.events(ACCOUNTS));
    return letters.events(ACCOUNTS);
  }

  private List<Long> balances(String tenant) {
    return worker.transactions.fetchInTransaction(
        () -> {
          ProjectionDatabase.actFor(worker.sql, new TenantId(tenant));
          return worker.sql.selectFrom(ACCOUNT).fetch(ACCOUNT.BALANCE);
        });
  }
}
