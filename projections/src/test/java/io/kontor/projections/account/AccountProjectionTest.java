package io.kontor.projections.account;

import static io.kontor.projections.tables.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.AccountClosed;
import io.kontor.api.account.AccountEvent.AccountFrozen;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.AccountUnfrozen;
import io.kontor.api.account.AccountEvent.CaptureRefunded;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyReturned;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountEvent.OverdraftLimitChanged;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import io.kontor.projections.ProjectedRows;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AccountProjectionTest {
  private static final SealedText OWNER = SealedText.inTheClear("cust-1", "Ada");
  private static final UUID HOLD = UUID.randomUUID();

  private final ProjectedRows<AccountEvent> rows =
      new ProjectedRows<>(new AccountProjection(), AccountEvent::account);
  private final AccountId account = new AccountId(rows.tenant, UUID.randomUUID());
  private final AccountId other = new AccountId(rows.tenant, UUID.randomUUID());

  @BeforeEach
  void open() {
    rows.happen(
        new AccountOpened(account, "cust-1", OWNER, Money.currencyOf("EUR"), euro("50.00")));
  }

  @Test
  void anOpenedAccountIsEmptyAndBelongsToItsCustomer() {
    assertThat(
            rows.only(
                ACCOUNT,
                ACCOUNT.ACCOUNT_ID,
                ACCOUNT.CUSTOMER,
                ACCOUNT.OWNER,
                ACCOUNT.CURRENCY,
                ACCOUNT.STATUS,
                ACCOUNT.BALANCE,
                ACCOUNT.HELD,
                ACCOUNT.OVERDRAFT_LIMIT,
                ACCOUNT.VERSION,
                ACCOUNT.OPENED_AT))
        .containsExactly(
            account.uuid(),
            "cust-1",
            OWNER.stored(),
            "EUR",
            "OPEN",
            0L,
            0L,
            5_000L,
            0L,
            ProjectedRows.START);
  }

  @Test
  void theVersionIsThatOfTheLastEvent() {
    rows.happen(deposited("1.00", "1.00"), deposited("1.00", "2.00"));
    assertThat(rows.only(ACCOUNT, ACCOUNT.BALANCE, ACCOUNT.VERSION)).containsExactly(200L, 2L);
  }

  @Nested
  class MovedMoneySetsTheBalance {
    @BeforeEach
    void fund() {
      rows.happen(deposited("100.00", "100.00"));
      assertBalance(10_000);
    }

    @Test
    void afterAWithdrawal() {
      rows.happen(
          new MoneyWithdrawn(account, UUID.randomUUID(), euro("30.00"), euro("70.00"), "cash"));
      assertBalance(7_000);
    }

    @Test
    void afterASentTransfer() {
      rows.happen(
          new TransferSent(
              account,
              UUID.randomUUID(),
              UUID.randomUUID(),
              other,
              euro("10.00"),
              euro("90.00"),
              euro("10.00"),
              "rent"));
      assertBalance(9_000);
    }

    @Test
    void afterAReceivedTransfer() {
      rows.happen(
          new TransferReceived(
              account,
              UUID.randomUUID(),
              UUID.randomUUID(),
              other,
              euro("10.00"),
              euro("110.00"),
              "rent"));
      assertBalance(11_000);
    }

    @Test
    void afterAReturn() {
      rows.happen(
          new MoneyReturned(account, UUID.randomUUID(), euro("5.00"), euro("105.00"), "AC04"));
      assertBalance(10_500);
    }

    @Test
    void afterARefund() {
      rows.happen(
          new CaptureRefunded(
              account, HOLD, UUID.randomUUID(), euro("5.00"), euro("105.00"), "order"));
      assertBalance(10_500);
    }

    private void assertBalance(long cents) {
      assertThat(rows.only(ACCOUNT, ACCOUNT.BALANCE, ACCOUNT.HELD)).containsExactly(cents, 0L);
    }
  }

  @Nested
  class HeldMoney {
    @BeforeEach
    void hold() {
      rows.happen(
          deposited("100.00", "100.00"),
          new HoldPlaced(account, HOLD, euro("40.00"), euro("40.00"), "card", null));
    }

    @Test
    void staysInTheBalance() {
      assertHeld(10_000, 4_000);
    }

    @Test
    void isFreeAfterItsRelease() {
      rows.happen(
          new HoldReleased(account, HOLD, euro("40.00"), euro("0.00"), HoldReleaseReason.EXPIRED));
      assertHeld(10_000, 0);
    }

    @Test
    void leavesTheBalanceWhenItIsCaptured() {
      rows.happen(
          new HoldCaptured(
              account,
              HOLD,
              UUID.randomUUID(),
              euro("30.00"),
              euro("10.00"),
              euro("70.00"),
              euro("0.00"),
              "card"));
      assertHeld(7_000, 0);
    }

    private void assertHeld(long balance, long held) {
      assertThat(rows.only(ACCOUNT, ACCOUNT.BALANCE, ACCOUNT.HELD)).containsExactly(balance, held);
    }
  }

  @Nested
  class Status {
    @Test
    void isFrozenUntilTheAccountIsUnfrozen() {
      rows.happen(new AccountFrozen(account, "court order"));
      assertStatus("FROZEN");
      rows.happen(new AccountUnfrozen(account, "order lifted"));
      assertStatus("OPEN");
    }

    @Test
    void isClosedInTheEnd() {
      rows.happen(new AccountClosed(account));
      assertStatus("CLOSED");
    }

    private void assertStatus(String status) {
      assertThat(rows.only(ACCOUNT, ACCOUNT.STATUS)).containsExactly(status);
    }
  }

  @Test
  void aChangedOverdraftLimitIsTheNewLimit() {
    rows.happen(new OverdraftLimitChanged(account, euro("75.00")));
    assertThat(rows.only(ACCOUNT, ACCOUNT.OVERDRAFT_LIMIT)).containsExactly(7_500L);
  }

  private MoneyDeposited deposited(String amount, String balance) {
    return new MoneyDeposited(account, UUID.randomUUID(), euro(amount), euro(balance), "in");
  }

  private static Money euro(String amount) {
    return Money.of(amount, "EUR");
  }
}
