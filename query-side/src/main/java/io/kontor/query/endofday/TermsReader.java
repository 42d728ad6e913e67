package io.kontor.query.endofday;

import static io.kontor.projections.tables.Tables.CONDITIONS;

import io.kontor.api.endofday.AccountTerms;
import io.kontor.api.endofday.DayCount;
import io.kontor.api.endofday.FeeRhythm;
import io.kontor.api.endofday.InterestRate;
import io.kontor.query.support.RowReader;
import org.jooq.Record;

/** Reads terms from a row with the columns of conditions. */
final class TermsReader {
  private TermsReader() {}

  static AccountTerms terms(Record row) {
    return new AccountTerms(
        new InterestRate(RowReader.get(row, CONDITIONS.CREDIT_RATE)),
        new InterestRate(RowReader.get(row, CONDITIONS.DEBIT_RATE)),
        DayCount.valueOf(RowReader.get(row, CONDITIONS.DAY_COUNT)),
        RowReader.money(row, CONDITIONS.FEE, CONDITIONS.CURRENCY),
        FeeRhythm.valueOf(RowReader.get(row, CONDITIONS.FEE_RHYTHM)));
  }
}
