package io.kontor.query.transfer;

import static io.kontor.projections.tables.Tables.ACCOUNT;
import static io.kontor.projections.tables.Tables.TRANSFER;
import static java.util.Objects.requireNonNull;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectFrom;

import io.kontor.api.ledger.LedgerQuery.PostingCursor;
import io.kontor.api.transfer.TransferDetails;
import io.kontor.api.transfer.TransferQuery.FindTransfer;
import io.kontor.api.transfer.TransferQuery.FindTransfers;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.query.support.RowReader;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.OrderField;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads transfers. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class TransferQueryHandler {
  private final TenantTransactions transactions;
  private final DSLContext sql;

  TransferQueryHandler(TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  Optional<TransferDetails> handle(FindTransfer query) {
    return transactions.read(
        () ->
            sql.selectFrom(TRANSFER)
                .where(TRANSFER.TRANSFER_ID.eq(query.transfer()))
                .and(concerns(query.customer()))
                .fetchOptional(TransferQueryHandler::transfer));
  }

  @QueryHandler
  List<TransferDetails> handle(FindTransfers query) {
    Condition wanted = concerns(query.customer()).and(olderThan(query.before()));
    return transactions.read(
        () ->
            sql.fetch(newest(query.account(), wanted, query.limit()))
                .map(TransferQueryHandler::transfer));
  }

  private static Select<?> newest(@Nullable UUID account, Condition wanted, int limit) {
    if (account == null) {
      return selectFrom(TRANSFER).where(wanted).orderBy(newestFirst(TRANSFER)).limit(limit);
    }
    // Each half is read in order from its own index; an OR would sort the whole history.
    Condition sent = wanted.and(TRANSFER.FROM_ACCOUNT.eq(account));
    Condition received = wanted.and(TRANSFER.TO_ACCOUNT.eq(account));
    var both =
        selectFrom(TRANSFER)
            .where(sent)
            .orderBy(newestFirst(TRANSFER))
            .limit(limit)
            .unionAll(
                selectFrom(TRANSFER).where(received).orderBy(newestFirst(TRANSFER)).limit(limit))
            .asTable("either");
    return select(both.fields()).from(both).orderBy(newestFirst(both)).limit(limit);
  }

  private static List<OrderField<?>> newestFirst(Table<?> transfers) {
    return Stream.of(TRANSFER.POSITION, TRANSFER.TRANSFER_ID)
        .<OrderField<?>>map(column -> requireNonNull(transfers.field(column)).desc())
        .toList();
  }

  private static Condition concerns(@Nullable String customer) {
    if (customer == null) {
      return noCondition();
    }
    var own = select(ACCOUNT.ACCOUNT_ID).from(ACCOUNT).where(RowReader.ownedBy(customer));
    return TRANSFER.FROM_ACCOUNT.in(own).or(TRANSFER.TO_ACCOUNT.in(own));
  }

  private static Condition olderThan(@Nullable PostingCursor place) {
    return place == null
        ? noCondition()
        : row(TRANSFER.POSITION, TRANSFER.TRANSFER_ID).lt(place.position(), place.id());
  }

  private static TransferDetails transfer(Record row) {
    return new TransferDetails(
        RowReader.get(row, TRANSFER.TRANSFER_ID),
        RowReader.get(row, TRANSFER.ENTRY_ID),
        RowReader.get(row, TRANSFER.FROM_ACCOUNT),
        RowReader.get(row, TRANSFER.TO_ACCOUNT),
        RowReader.money(row, TRANSFER.AMOUNT, TRANSFER.CURRENCY),
        RowReader.get(row, TRANSFER.REFERENCE),
        RowReader.get(row, TRANSFER.BOOKED_AT),
        RowReader.get(row, TRANSFER.POSITION));
  }
}
