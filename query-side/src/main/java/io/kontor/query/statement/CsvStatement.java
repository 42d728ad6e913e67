package io.kontor.query.statement;

import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;
import io.kontor.query.table.CsvTable;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/** One table: the opening balance, the postings with signed amounts, the closing balance. */
final class CsvStatement implements StatementWriter {
  private final StatementHeading heading;
  private final CsvTable table;

  CsvStatement(StatementHeading heading, OutputStream out) throws IOException {
    this.heading = heading;
    this.table = new CsvTable(out);
    table.row(
        List.of(
            "account",
            "bookingDate",
            "valueDate",
            "kind",
            "reference",
            "amount",
            "currency",
            "balance",
            "entryId"));
    balance("OPENING_BALANCE", heading.from(), heading.opening());
  }

  @Override
  public void line(Posting line) throws IOException {
    LocalDate day = heading.dayOf(line.bookedAt());
    BigDecimal amount = new BigDecimal(line.amount().amount());
    table.row(
        List.of(
            heading.account(),
            day,
            day,
            line.kind(),
            line.reference(),
            line.direction() == PostingDirection.CREDIT ? amount : amount.negate(),
            line.amount().currency(),
            number(line.balanceAfter()),
            line.entryId()));
  }

  @Override
  public void end() throws IOException {
    balance("CLOSING_BALANCE", heading.lastDay(), heading.closing());
    table.end();
  }

  private void balance(String kind, LocalDate day, Money balance) throws IOException {
    table.row(
        List.of(
            heading.account(), day, day, kind, "", "", balance.currency(), number(balance), ""));
  }

  private static BigDecimal number(Money money) {
    return new BigDecimal(money.amount());
  }
}
