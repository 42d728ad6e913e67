package io.kontor.sagas.hold;

import static io.kontor.sagas.PolicyFixture.ACME;
import static io.kontor.sagas.PolicyFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.ReleaseHold;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.money.Money;
import io.kontor.sagas.PolicyFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HoldExpiryPolicyTest {
  private static final AccountId ACCOUNT = new AccountId(ACME, new UUID(7, 1));
  private static final UUID HOLD = new UUID(8, 1);
  private static final Money MONEY = Money.of("4.00", "EUR");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ReleaseHold RELEASE =
      new ReleaseHold(ACCOUNT, HOLD, HoldReleaseReason.EXPIRED);

  private final PolicyFixture bank = new PolicyFixture();

  @BeforeEach
  void addPolicy() {
    bank.add(new HoldExpiryPolicy(bank.jobs(), bank.commands()));
  }

  @AfterEach
  void close() {
    bank.close();
  }

  @Nested
  class WheneverAHoldIsPlaced {
    @Test
    void itIsReleasedAtItsExpiryTimeAndNotBefore() {
      bank.publish(placed(NOON.plus(HOUR)));
      bank.elapse(HOUR.minusSeconds(1));
      assertThat(bank.sent()).isEmpty();
      bank.elapse(Duration.ofSeconds(1));
      assertThat(bank.sent()).containsExactly(RELEASE);
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void itIsReleasedLateWhenNoNodeRanAtItsExpiryTime() {
      bank.publish(placed(NOON.minus(HOUR)));
      bank.runDueTasks();
      assertThat(bank.sent()).containsExactly(RELEASE);
    }

    @Test
    void itIsNotReleasedWithoutAnExpiryTime() {
      bank.publish(placed(null));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void anExpiryTimeThatCantBeStoredIsReplacedByTheLatestOne() {
      bank.publish(placed(Instant.MAX));
      assertThat(bank.scheduled())
          .containsEntry("release-expired-hold", Instant.parse("9999-12-31T00:00:00Z"));
    }

    @Test
    void aRepeatedEventSchedulesNoSecondRelease() {
      bank.publish(placed(NOON.plus(HOUR)));
      bank.publish(placed(NOON.plus(HOUR)));
      assertThat(bank.scheduled()).hasSize(1);
    }

    @Test
    void aFailedReleaseIsRetriedAfterAPause() {
      bank.fail(ReleaseHold.class);
      bank.publish(placed(NOON));
      bank.runDueTasks();
      bank.recover(ReleaseHold.class);
      bank.elapse(Duration.ofSeconds(1));
      assertThat(bank.sent()).containsExactly(RELEASE);
      bank.elapse(Duration.ofSeconds(1));
      assertThat(bank.sent()).containsExactly(RELEASE);
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void aRejectedReleaseIsNotRetried() {
      bank.reject(ReleaseHold.class, new Rejection.AccountClosed(ACCOUNT));
      bank.publish(placed(NOON));
      bank.runDueTasks();
      assertThat(bank.sent()).containsExactly(RELEASE);
      assertThat(bank.scheduled()).isEmpty();
    }
  }

  @Nested
  class WheneverAHoldIsCapturedOrReleased {
    @Test
    void aCaptureCancelsTheRelease() {
      bank.publish(placed(NOON.plus(HOUR)));
      bank.publish(new HoldCaptured(ACCOUNT, HOLD, HOLD, MONEY, MONEY, MONEY, MONEY, ""));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void aRequestedReleaseCancelsTheReleaseAtTheExpiryTime() {
      bank.publish(placed(NOON.plus(HOUR)));
      bank.publish(released());
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void aHoldWithoutAnExpiryTimeHasNothingToCancel() {
      bank.publish(released());
      assertThat(bank.scheduled()).isEmpty();
    }
  }

  private static HoldPlaced placed(@Nullable Instant expiresAt) {
    return new HoldPlaced(ACCOUNT, HOLD, MONEY, MONEY, "", expiresAt);
  }

  private static HoldReleased released() {
    return new HoldReleased(ACCOUNT, HOLD, MONEY, MONEY, HoldReleaseReason.REQUESTED);
  }
}
