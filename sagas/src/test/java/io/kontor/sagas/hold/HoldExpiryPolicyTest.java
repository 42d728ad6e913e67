package io.kontor.sagas.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.ReleaseHold;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.money.Money;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class HoldExpiryPolicyTest {
  private static final AccountId ACCOUNT = new AccountId(new TenantId("acme"), UUID.randomUUID());
  private static final UUID HOLD = UUID.randomUUID();
  private static final Money MONEY = Money.of("4.00", "EUR");

  private final TestDatabase database = TestDatabase.create();
  private final DataSource worker = database.worker();
  private final HoldExpiryPolicy expiry =
      new HoldExpiryPolicy(
          new TransactionalJobScheduler(
              SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(worker))
                  .tableName("kontor.scheduled_tasks")
                  .build(),
              () -> {}));
  private final SimpleCommandBus commands = SimpleCommandBus.builder().build();
  private final Queue<ReleaseHold> sent = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failures = new AtomicInteger();
  private @Nullable Scheduler scheduler;

  @AfterEach
  void stop() {
    if (scheduler != null) {
      scheduler.stop();
    }
    database.close();
  }

  @Test
  void aHoldPastItsEndIsReleasedForItsTenantAlsoWhenNobodyRanAtThatMoment() {
    expiry.on(placed(Instant.now().minusSeconds(3600)));
    run();
    await().untilAsserted(() -> assertThat(sent).containsExactly(expired()));
    await().untilAsserted(() -> assertThat(scheduled()).isZero());
  }

  @Test
  void aHoldWithoutAnEndStays() {
    expiry.on(placed(null));
    assertThat(scheduled()).isZero();
  }

  @Test
  void aDateThatNoDatabaseKeepsStopsNothing() {
    expiry.on(placed(Instant.MAX));
    assertThat(scheduled()).isEqualTo(1);
  }

  @Test
  void anEventThatIsHandledAgainSetsNoSecondDate() {
    expiry.on(placed(Instant.now().plusSeconds(3600)));
    expiry.on(placed(Instant.now().plusSeconds(3600)));
    assertThat(scheduled()).isEqualTo(1);
  }

  @Test
  void aHoldThatIsCapturedOrReleasedIsForgotten() {
    expiry.on(placed(Instant.now().plusSeconds(3600)));
    expiry.on(new HoldCaptured(ACCOUNT, HOLD, HOLD, MONEY, MONEY, MONEY, MONEY, ""));
    assertThat(scheduled()).isZero();
    expiry.on(placed(Instant.now().plusSeconds(3600)));
    expiry.on(new HoldReleased(ACCOUNT, HOLD, MONEY, MONEY, HoldReleaseReason.REQUESTED));
    assertThat(scheduled()).isZero();
  }

  @Test
  void theEndOfAHoldThatHadNoneIsNoError() {
    expiry.on(new HoldReleased(ACCOUNT, HOLD, MONEY, MONEY, HoldReleaseReason.REQUESTED));
    assertThat(scheduled()).isZero();
  }

  @Test
  void aDateIsSetOnlyIfTheProcessorsProgressIsKept() {
    var transaction = new TransactionTemplate(new JdbcTransactionManager(worker));
    assertThatThrownBy(
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      expiry.on(placed(Instant.now()));
                      throw new IllegalStateException("the batch fails");
                    }))
        .hasMessage("the batch fails");
    assertThat(scheduled()).isZero();
  }

  @Test
  void aFailureIsTriedAgain() {
    failures.set(1);
    expiry.on(placed(Instant.now()));
    run();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(sent).containsExactly(expired(), expired()));
    await().untilAsserted(() -> assertThat(scheduled()).isZero());
  }

  @Test
  void whatTheAccountRefusesIsNotAskedAgain() {
    failures.set(-1);
    expiry.on(placed(Instant.now()));
    run();
    await().untilAsserted(() -> assertThat(sent).hasSize(1));
    await().untilAsserted(() -> assertThat(scheduled()).isZero());
  }

  @Test
  void aRequestSeesNoTask() {
    expiry.on(placed(Instant.now()));
    assertThatThrownBy(
            () ->
                JdbcClient.create(database.app())
                    .sql("select count(*) from kontor.scheduled_tasks")
                    .query(Integer.class)
                    .single())
        .hasStackTraceContaining("permission denied");
  }

  private void run() {
    commands.subscribe(
        ReleaseHold.class.getName(),
        message -> {
          assertThat(TenantContext.current()).isEqualTo(ACCOUNT.tenant());
          assertThat(message.getMetaData()).containsEntry("actor", "system");
          sent.add((ReleaseHold) message.getPayload());
          int failing = failures.getAndUpdate(left -> left > 0 ? left - 1 : left);
          if (failing > 0) {
            throw new IllegalStateException("the store is away");
          }
          if (failing < 0) {
            throw new RejectedException(new Rejection.AccountClosed(ACCOUNT));
          }
          return "released";
        });
    scheduler =
        Scheduler.create(worker, ReleaseExpiredHoldTask.task(commands))
            .tableName("kontor.scheduled_tasks")
            .pollingInterval(Duration.ofMillis(100))
            .build();
    scheduler.start();
  }

  private int scheduled() {
    return JdbcClient.create(worker)
        .sql("select count(*) from kontor.scheduled_tasks where tenant_id = 'acme'")
        .query(Integer.class)
        .single();
  }

  private static ReleaseHold expired() {
    return new ReleaseHold(ACCOUNT, HOLD, HoldReleaseReason.EXPIRED);
  }

  private static HoldPlaced placed(@Nullable Instant expiresAt) {
    return new HoldPlaced(ACCOUNT, HOLD, MONEY, MONEY, "", expiresAt);
  }
}
