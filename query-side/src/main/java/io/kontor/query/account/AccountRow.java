package io.kontor.query.account;

import static io.kontor.projections.tables.Tables.ACCOUNT;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountStatus;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import io.kontor.query.support.RowReader;
import java.time.Instant;
import java.util.Currency;
import java.util.UUID;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** An account as it is stored: the owner's name is sealed, amounts are in minor units. */
record AccountRow(
    UUID id,
    String customer,
    SealedText owner,
    String currency,
    AccountStatus status,
    long balance,
    long held,
    long overdraftLimit,
    long version,
    Instant openedAt) {

  static AccountRow of(Record row) {
    return new AccountRow(
        RowReader.get(row, ACCOUNT.ACCOUNT_ID),
        RowReader.get(row, ACCOUNT.CUSTOMER),
        new SealedText(RowReader.get(row, ACCOUNT.OWNER)),
        RowReader.get(row, ACCOUNT.CURRENCY),
        AccountStatus.valueOf(RowReader.get(row, ACCOUNT.STATUS)),
        RowReader.get(row, ACCOUNT.BALANCE),
        RowReader.get(row, ACCOUNT.HELD),
        RowReader.get(row, ACCOUNT.OVERDRAFT_LIMIT),
        RowReader.get(row, ACCOUNT.VERSION),
        RowReader.get(row, ACCOUNT.OPENED_AT));
  }

  /** Whether a customer may see it; anyone of the tenant if null. */
  boolean isVisibleTo(@Nullable String someone) {
    return someone == null || someone.equals(customer);
  }

  AccountDetails details(String revealedOwner) {
    Currency unit = Money.currencyOf(currency);
    var limit = new Money(overdraftLimit, unit);
    var booked = new Money(balance, unit);
    var reserved = new Money(held, unit);
    return new AccountDetails(
        id,
        customer,
        revealedOwner,
        unit,
        status,
        booked,
        reserved,
        booked.plus(limit).minus(reserved),
        limit,
        version,
        openedAt);
  }
}
