package io.kontor.query.support;

import static io.kontor.projections.tables.Tables.ACCOUNT;
import static io.kontor.projections.tables.Tables.POSTING;

import io.kontor.api.ledger.EntryKind;
import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;
import io.kontor.api.payment.PaymentDetails.CreditorDetails;
import io.kontor.personaldata.PersonalDataService;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Typed access to rows of the read models. */
public final class RowReader {
  private RowReader() {}

  /** The value of a column that must not be null. */
  public static <T> T get(Record row, Field<T> column) {
    T value = row.get(column);
    if (value == null) {
      throw new IllegalStateException(column + " is null");
    }
    return value;
  }

  /** An amount from its two columns. */
  public static Money money(Record row, Field<Long> minorUnits, Field<String> currency) {
    return new Money(get(row, minorUnits), Money.currencyOf(get(row, currency)));
  }

  /** A creditor from its revealed column. */
  public static CreditorDetails creditor(String revealed, JsonMapper json) {
    return revealed.equals(PersonalDataService.FORGOTTEN)
        ? new CreditorDetails(revealed, revealed)
        : json.readValue(revealed, CreditorDetails.class);
  }

  /** A posting of a customer's account. */
  public static Posting posting(Record row) {
    return new Posting(
        get(row, POSTING.POSTING_ID),
        get(row, POSTING.ENTRY_ID),
        get(row, POSTING.BOOKED_AT),
        PostingDirection.valueOf(get(row, POSTING.DIRECTION)),
        money(row, POSTING.AMOUNT, POSTING.CURRENCY),
        money(row, POSTING.BALANCE_AFTER, POSTING.CURRENCY),
        get(row, POSTING.REFERENCE),
        EntryKind.valueOf(get(row, POSTING.KIND)),
        get(row, POSTING.POSITION));
  }

  /**
   * Whether the account is of the current tenant and, unless {@code customer} is null, owned by the
   * customer.
   */
  public static boolean isVisible(DSLContext sql, UUID account, @Nullable String customer) {
    return sql.fetchExists(ACCOUNT, ACCOUNT.ACCOUNT_ID.eq(account).and(ownedBy(customer)));
  }

  /** Condition for the rows of {@code account} that a customer owns; all rows if null. */
  public static Condition ownedBy(@Nullable String customer) {
    return customer == null ? DSL.noCondition() : ACCOUNT.CUSTOMER.eq(customer);
  }
}
