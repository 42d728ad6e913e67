package io.kontor.query.account;

import static io.kontor.projections.tables.Tables.ACCOUNT;
import static io.kontor.projections.tables.Tables.BALANCE_HISTORY;
import static org.jooq.impl.DSL.noCondition;

import io.kontor.api.account.AccountBalance;
import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountQuery.FindAccount;
import io.kontor.api.account.AccountQuery.FindAccounts;
import io.kontor.api.account.AccountQuery.FindBalance;
import io.kontor.api.money.Money;
import io.kontor.cache.CachedModel;
import io.kontor.cache.ReadModelCache;
import io.kontor.cache.Versioned;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.projections.account.AccountProjection;
import io.kontor.query.support.CachedReads;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RowReader;
import io.kontor.query.support.Statement;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads accounts and their past balances. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class AccountQueryHandler {
  private static final int WEIGHT = 700;
  private static final CachedModel<AccountRow> ACCOUNTS =
      new CachedModel<>(
          AccountProjection.NAME,
          (byte) 1,
          AccountRow.class,
          account -> WEIGHT,
          account -> account.owner().isSealed());

  private final ReadModelCache cache;
  private final TenantTransactions transactions;
  private final DSLContext sql;
  private final PersonalDataService personalData;

  AccountQueryHandler(
      ReadModelCache cache,
      TenantTransactions transactions,
      @Qualifier("appDsl") DSLContext sql,
      PersonalDataService personalData) {
    this.cache = cache;
    this.transactions = transactions;
    this.sql = sql;
    this.personalData = personalData;
  }

  /** From the cache, where the row is as in the table: owner and customer come after it. */
  @QueryHandler
  Optional<AccountDetails> handle(
      FindAccount query, @MetaDataValue(ReadGateway.MIN_POSITION) @Nullable Long minPosition) {
    return cache
        .find(
            ACCOUNTS,
            query.account().toString(),
            minPosition == null ? 0 : minPosition,
            () -> read(query.account()))
        .filter(account -> account.isVisibleTo(query.customer()))
        .map(account -> account.details(personalData.reveal(account.owner())));
  }

  private Versioned<AccountRow> read(UUID account) {
    return transactions.read(
        () ->
            CachedReads.read(
                sql, AccountProjection.NAME, ACCOUNT.ACCOUNT_ID, account, AccountRow::of));
  }

  @QueryHandler
  List<AccountDetails> handle(FindAccounts query) {
    return accounts(
        transactions.read(
            () ->
                sql.selectFrom(ACCOUNT)
                    .where(wanted(query))
                    .orderBy(ACCOUNT.ACCOUNT_ID)
                    .limit(query.limit())
                    .fetch()));
  }

  /** The balance of an account without postings is zero. */
  @QueryHandler
  Optional<AccountBalance> handle(FindBalance query) {
    return transactions.read(
        () ->
            sql.select(ACCOUNT.CURRENCY, ACCOUNT.OPENED_AT)
                .from(ACCOUNT)
                .where(ACCOUNT.ACCOUNT_ID.eq(query.account()))
                .and(RowReader.ownedBy(query.customer()))
                .fetchOptional()
                .map(account -> balance(query, account)));
  }

  private AccountBalance balance(FindBalance query, Record account) {
    Currency currency = Money.currencyOf(RowReader.get(account, ACCOUNT.CURRENCY));
    Instant at = query.at();
    Record newest =
        sql.select(BALANCE_HISTORY.BALANCE, BALANCE_HISTORY.BOOKED_AT)
            .from(BALANCE_HISTORY)
            .where(BALANCE_HISTORY.ACCOUNT_ID.eq(query.account()))
            .and(
                at == null
                    ? noCondition()
                    : BALANCE_HISTORY.POSITION.lt(Statement.start(query.account(), at)))
            .orderBy(BALANCE_HISTORY.POSITION.desc(), BALANCE_HISTORY.POSTING_ID.desc())
            .limit(1)
            .fetchOne();
    if (newest == null) {
      Instant since = at == null ? RowReader.get(account, ACCOUNT.OPENED_AT) : at;
      return new AccountBalance(Money.zero(currency), since);
    }
    return new AccountBalance(
        new Money(RowReader.get(newest, BALANCE_HISTORY.BALANCE), currency),
        at == null ? RowReader.get(newest, BALANCE_HISTORY.BOOKED_AT) : at);
  }

  private static Condition wanted(FindAccounts query) {
    Condition wanted =
        query.customers() == null ? noCondition() : ACCOUNT.CUSTOMER.in(query.customers());
    if (query.status() != null) {
      wanted = wanted.and(ACCOUNT.STATUS.eq(query.status().name()));
    }
    return query.after() == null ? wanted : DSL.and(wanted, ACCOUNT.ACCOUNT_ID.gt(query.after()));
  }

  private List<AccountDetails> accounts(List<? extends Record> rows) {
    List<AccountRow> accounts = rows.stream().map(AccountRow::of).toList();
    Map<SealedText, String> owners =
        personalData.reveal(accounts.stream().map(AccountRow::owner).toList());
    return accounts.stream()
        .map(account -> account.details(Objects.requireNonNull(owners.get(account.owner()))))
        .toList();
  }
}
