package io.kontor.projections.ledger;

import static io.kontor.projections.tables.Tables.LEDGER_TOTAL;
import static io.kontor.projections.tables.Tables.POSTING;

import io.kontor.api.account.AccountId;
import io.kontor.api.ledger.EntryKind;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;
import io.kontor.projection.EventContext;
import io.kontor.projection.RowChange;
import io.kontor.projection.RowChanges;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

/** A journal entry of one amount with a debit and a credit posting. */
record DoubleEntry(EntryKind kind, UUID id, Money amount, String reference) {

  /** The account of a leg. */
  sealed interface Side {
    record Customer(AccountId account, Money balanceAfter) implements Side {}

    /** One of the bank's own accounts, for which no balance is kept. */
    record Bank(LedgerAccount account) implements Side {}
  }

  /** Books both legs; a single leg cannot be booked. */
  void book(Side debit, Side credit, EventContext recorded, RowChanges changes) {
    post(PostingIds.DEBIT, PostingDirection.DEBIT, debit, recorded, changes);
    post(PostingIds.CREDIT, PostingDirection.CREDIT, credit, recorded, changes);
  }

  private void post(
      int leg, PostingDirection direction, Side side, EventContext recorded, RowChanges changes) {
    RowChange posting =
        changes
            .insert(POSTING, PostingIds.of(id, leg))
            .set(POSTING.ENTRY_ID, id)
            .set(POSTING.LEDGER_ACCOUNT, ledgerAccount(side).name())
            .set(POSTING.DIRECTION, direction.name())
            .set(POSTING.AMOUNT, amount.minorUnits())
            .set(POSTING.CURRENCY, currency())
            .set(POSTING.KIND, kind.name())
            .set(POSTING.REFERENCE, reference)
            .set(POSTING.BOOKED_AT, recorded.recordedAt())
            .set(POSTING.POSITION, recorded.position());
    if (side instanceof Side.Customer customer) {
      posting
          .set(POSTING.ACCOUNT_ID, customer.account().uuid())
          .set(POSTING.BALANCE_AFTER, customer.balanceAfter().minorUnits());
    }
    total(direction, side, recorded, changes);
  }

  private void total(
      PostingDirection direction, Side side, EventContext recorded, RowChanges changes) {
    LocalDate day = recorded.recordedAt().atZone(ZoneOffset.UTC).toLocalDate();
    BigDecimal units = BigDecimal.valueOf(amount.minorUnits());
    changes
        .accumulate(LEDGER_TOTAL, currency(), ledgerAccount(side).name(), day)
        .add(LEDGER_TOTAL.DEBITS, direction == PostingDirection.DEBIT ? units : BigDecimal.ZERO)
        .add(LEDGER_TOTAL.CREDITS, direction == PostingDirection.CREDIT ? units : BigDecimal.ZERO);
  }

  private String currency() {
    return amount.currency().getCurrencyCode();
  }

  private static LedgerAccount ledgerAccount(Side side) {
    return switch (side) {
      case Side.Customer customer -> LedgerAccount.CUSTOMER;
      case Side.Bank bank -> bank.account();
    };
  }
}
