package io.kontor.projections.ledger;

import static io.kontor.projections.tables.Tables.LEDGER_TOTAL;
import static io.kontor.projections.tables.Tables.POSTING;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.when;

import io.kontor.api.ledger.PostingDirection;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.tenancy.TenantId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;

/** Checks that debits equal credits, per entry and in total. */
public final class LedgerInvariants {
  private static final int SHOWN = 20;

  private final ProjectionDatabase worker;

  public LedgerInvariants(ProjectionDatabase worker) {
    this.worker = worker;
  }

  /** Violations in a tenant's ledger, one sentence each. */
  public List<String> breaches(TenantId tenant) {
    return worker
        .transactions()
        .fetchInTransaction(
            () -> {
              ProjectionDatabase.actFor(worker.sql(), tenant);
              List<String> breaches = new ArrayList<>(entries());
              breaches.addAll(totals());
              return breaches;
            });
  }

  private List<String> entries() {
    Field<BigDecimal> difference =
        sum(
            when(POSTING.DIRECTION.eq(PostingDirection.DEBIT.name()), POSTING.AMOUNT)
                .otherwise(POSTING.AMOUNT.neg()));
    return worker
        .sql()
        .select(POSTING.ENTRY_ID, POSTING.CURRENCY, difference)
        .from(POSTING)
        .groupBy(POSTING.ENTRY_ID, POSTING.CURRENCY)
        .having(difference.ne(BigDecimal.ZERO))
        .limit(SHOWN)
        .fetch(
            row ->
                "journal entry %s: debits exceed credits by %s %s in minor units"
                    .formatted(row.value1(), row.value3(), row.value2()));
  }

  private List<String> totals() {
    Field<BigDecimal> difference = sum(LEDGER_TOTAL.DEBITS.minus(LEDGER_TOTAL.CREDITS));
    return worker
        .sql()
        .select(LEDGER_TOTAL.CURRENCY, difference)
        .from(LEDGER_TOTAL)
        .groupBy(LEDGER_TOTAL.CURRENCY)
        .having(difference.ne(BigDecimal.ZERO))
        .fetch(
            row ->
                "trial balance: debits exceed credits by %s %s in minor units"
                    .formatted(row.value2(), row.value1()));
  }
}
