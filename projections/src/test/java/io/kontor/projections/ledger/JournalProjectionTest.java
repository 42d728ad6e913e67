package io.kontor.projections.ledger;

import static io.kontor.projections.tables.Tables.LEDGER_TOTAL;
import static io.kontor.projections.tables.Tables.POSTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.AccountClosed;
import io.kontor.api.account.AccountEvent.AccountFrozen;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.AccountUnfrozen;
import io.kontor.api.account.AccountEvent.CaptureRefunded;
import io.kontor.api.account.AccountEvent.FeeBooked;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountEvent.InterestBooked;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyReturned;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountEvent.OverdraftLimitChanged;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import io.kontor.projections.ProjectedRows;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JournalProjectionTest {
  private static final String CUSTOMER = "CUSTOMER";
  private static final UUID ENTRY = UUID.randomUUID();
  private static final UUID HOLD = UUID.randomUUID();
  private static final LocalDate PERIOD = LocalDate.parse("2026-01-31");
  private static final Money TEN = euro("10.00");
  private static final Money BALANCE = euro("25.00");

  private final ProjectedRows<AccountEvent> rows =
      new ProjectedRows<>(new JournalProjection(), AccountEvent::account);
  private final AccountId account = new AccountId(rows.tenant, UUID.randomUUID());
  private final AccountId other = new AccountId(rows.tenant, UUID.randomUUID());

  /** Each movement of money is one entry with a debit and a credit of the same amount. */
  @Nested
  class AnEntryIsBooked {
    @Test
    void fromCashToTheCustomerForADeposit() {
      rows.happen(new MoneyDeposited(account, ENTRY, TEN, BALANCE, "in"));
      assertEntry("DEPOSIT", "in");
      assertPostings(bank("CASH", "DEBIT"), customer("CREDIT", account, 2_500));
    }

    @Test
    void fromTheCustomerToCashForAWithdrawal() {
      rows.happen(new MoneyWithdrawn(account, ENTRY, TEN, BALANCE, "out"));
      assertEntry("WITHDRAWAL", "out");
      assertPostings(customer("DEBIT", account, 2_500), bank("CASH", "CREDIT"));
    }

    @Test
    void fromTheCustomerToSettlementForACapture() {
      rows.happen(captured(null));
      assertEntry("CAPTURE", "card");
      assertPostings(customer("DEBIT", account, 2_500), bank("SETTLEMENT", "CREDIT"));
    }

    @Test
    void fromTheCustomerToClearingForACaptureOfAPayment() {
      rows.happen(captured(LedgerAccount.CLEARING));
      assertPostings(customer("DEBIT", account, 2_500), bank("CLEARING", "CREDIT"));
    }

    @Test
    void fromInterestExpenseToTheCustomerForInterest() {
      rows.happen(new InterestBooked(account, ENTRY, PERIOD, TEN, TEN, BALANCE, "interest"));
      assertEntry("INTEREST", "interest");
      assertPostings(bank("INTEREST_EXPENSE", "DEBIT"), customer("CREDIT", account, 2_500));
    }

    @Test
    void fromTheCustomerToInterestIncomeForInterestOwed() {
      Money owed = euro("-10.00");
      rows.happen(new InterestBooked(account, ENTRY, PERIOD, owed, owed, BALANCE, "interest"));
      assertPostings(customer("DEBIT", account, 2_500), bank("INTEREST_INCOME", "CREDIT"));
    }

    @Test
    void fromTheCustomerToFeeIncomeForAFee() {
      rows.happen(new FeeBooked(account, ENTRY, PERIOD, TEN, TEN, BALANCE, "fees"));
      assertEntry("FEE", "fees");
      assertPostings(customer("DEBIT", account, 2_500), bank("FEE_INCOME", "CREDIT"));
    }

    @Test
    void fromSettlementToTheCustomerForARefund() {
      rows.happen(new CaptureRefunded(account, HOLD, ENTRY, TEN, BALANCE, "order"));
      assertEntry("REFUND", "order");
      assertPostings(bank("SETTLEMENT", "DEBIT"), customer("CREDIT", account, 2_500));
    }

    @Test
    void fromClearingToTheCustomerForAReturn() {
      rows.happen(new MoneyReturned(account, ENTRY, TEN, BALANCE, "AC04"));
      assertEntry("RETURN", "AC04");
      assertPostings(bank("CLEARING", "DEBIT"), customer("CREDIT", account, 2_500));
    }

    @Test
    void onceForBothEventsOfATransfer() {
      rows.happen(
          new TransferSent(
              account, UUID.randomUUID(), ENTRY, other, TEN, BALANCE, euro("40.00"), "rent"),
          new TransferReceived(
              other, UUID.randomUUID(), ENTRY, account, TEN, euro("40.00"), "rent"));
      assertEntry("TRANSFER", "rent");
      assertPostings(customer("DEBIT", account, 2_500), customer("CREDIT", other, 4_000));
    }

    private HoldCaptured captured(LedgerAccount against) {
      return new HoldCaptured(
          account, HOLD, ENTRY, TEN, euro("0.00"), BALANCE, euro("0.00"), "card", against);
    }

    private void assertEntry(String kind, String reference) {
      assertThat(
              rows.all(
                  POSTING,
                  POSTING.ENTRY_ID,
                  POSTING.KIND,
                  POSTING.REFERENCE,
                  POSTING.CURRENCY,
                  POSTING.BOOKED_AT,
                  POSTING.POSITION))
          .hasSize(2)
          .containsOnly(List.of(ENTRY, kind, reference, "EUR", ProjectedRows.START, 1L));
      assertThat(rows.all(POSTING, POSTING.POSTING_ID).stream().map(List::getFirst))
          .containsExactlyInAnyOrderElementsOf(PostingIds.of(ENTRY));
    }

    /** In any order: a posting's id does not show which leg it is. */
    private void assertPostings(List<Object> debit, List<Object> credit) {
      assertThat(
              rows.all(
                  POSTING,
                  POSTING.LEDGER_ACCOUNT,
                  POSTING.DIRECTION,
                  POSTING.ACCOUNT_ID,
                  POSTING.BALANCE_AFTER))
          .containsExactlyInAnyOrder(debit, credit);
      assertThat(rows.all(POSTING, POSTING.ENTRY_ID, POSTING.AMOUNT, POSTING.CURRENCY))
          .containsOnly(List.of(ENTRY, 1_000L, "EUR"));
    }

    private static List<Object> customer(String direction, AccountId account, long balance) {
      return List.of(CUSTOMER, direction, account.uuid(), balance);
    }

    private static List<Object> bank(String ledgerAccount, String direction) {
      return Arrays.asList(ledgerAccount, direction, null, null);
    }
  }

  @Nested
  class TheTotalsOfADay {
    private final LocalDate today = LocalDate.of(2026, 1, 30);

    @Test
    void growWithEachEntry() {
      rows.happen(deposited("10.00"), deposited("5.00"));
      assertThat(totals())
          .containsExactly(
              List.of("CASH", today, new BigDecimal(1_500), BigDecimal.ZERO),
              List.of(CUSTOMER, today, BigDecimal.ZERO, new BigDecimal(1_500)));
    }

    @Test
    void growAcrossBatches() {
      rows.happen(deposited("10.00"));
      rows.happen(new MoneyWithdrawn(account, UUID.randomUUID(), euro("4.00"), BALANCE, "out"));
      assertThat(totals())
          .containsExactly(
              List.of("CASH", today, new BigDecimal(1_000), new BigDecimal(400)),
              List.of(CUSTOMER, today, new BigDecimal(400), new BigDecimal(1_000)));
    }

    /** The third event happens two hours after 22:00. */
    @Test
    void areThoseOfTheDayInUtc() {
      rows.happen(deposited("1.00"), deposited("1.00"), deposited("1.00"));
      assertThat(rows.all(LEDGER_TOTAL, LEDGER_TOTAL.DAY))
          .containsOnly(List.of(today), List.of(today.plusDays(1)));
    }

    private MoneyDeposited deposited(String amount) {
      return new MoneyDeposited(account, UUID.randomUUID(), euro(amount), BALANCE, "in");
    }

    private List<List<Object>> totals() {
      return rows.all(
          LEDGER_TOTAL,
          LEDGER_TOTAL.LEDGER_ACCOUNT,
          LEDGER_TOTAL.DAY,
          LEDGER_TOTAL.DEBITS,
          LEDGER_TOTAL.CREDITS);
    }
  }

  @Test
  void whatMovesNoMoneyIsNotInTheJournal() {
    rows.happen(
        new AccountOpened(
            account,
            "cust-1",
            SealedText.inTheClear("cust-1", "Ada"),
            Money.currencyOf("EUR"),
            euro("0.00")),
        new OverdraftLimitChanged(account, TEN),
        new HoldPlaced(account, HOLD, TEN, TEN, "card", null),
        new HoldReleased(account, HOLD, TEN, euro("0.00"), HoldReleaseReason.REQUESTED),
        new AccountFrozen(account, "court order"),
        new AccountUnfrozen(account, "order lifted"),
        new AccountClosed(account));
    assertThat(rows.all(POSTING, POSTING.KIND)).isEmpty();
  }

  private static Money euro(String amount) {
    return Money.of(amount, "EUR");
  }
}
