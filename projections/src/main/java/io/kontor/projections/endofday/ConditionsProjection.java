package io.kontor.projections.endofday;

import static io.kontor.projections.tables.Tables.CONDITIONS;

import io.kontor.api.account.AccountId;
import io.kontor.api.endofday.AccountTerms;
import io.kontor.api.endofday.ConditionsSet;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChange;
import io.kontor.projection.RowChanges;
import java.util.List;
import org.jooq.Table;

/** One row for each time that conditions were set: which of them count depends on the day. */
public final class ConditionsProjection implements Projection<ConditionsSet> {
  /** The projection's name. */
  public static final String NAME = "conditions";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<ConditionsSet> events() {
    return ConditionsSet.class;
  }

  @Override
  public List<Table<?>> tables() {
    return List.of(CONDITIONS);
  }

  @Override
  public void project(ConditionsSet event, EventContext recorded, RowChanges changes) {
    AccountTerms terms = event.terms();
    RowChange row =
        changes
            .insert(CONDITIONS, event.conditions().uuid(), recorded.version())
            .set(CONDITIONS.CURRENCY, event.currency().getCurrencyCode())
            .set(CONDITIONS.FROM_DAY, event.from())
            .set(CONDITIONS.SET_AT, recorded.recordedAt())
            .set(CONDITIONS.CREDIT_RATE, terms.creditRate().millionths())
            .set(CONDITIONS.DEBIT_RATE, terms.debitRate().millionths())
            .set(CONDITIONS.DAY_COUNT, terms.dayCount().name())
            .set(CONDITIONS.FEE, terms.fee().minorUnits())
            .set(CONDITIONS.FEE_RHYTHM, terms.feeRhythm().name());
    AccountId account = event.account();
    if (account != null) {
      row.set(CONDITIONS.ACCOUNT_ID, account.uuid());
    }
  }
}
