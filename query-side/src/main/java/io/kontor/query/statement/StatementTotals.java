package io.kontor.query.statement;

import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;

/** How many lines a statement has, and what they add up to. */
record StatementTotals(long credits, Money credited, long debits, Money debited) {

  long lines() {
    return credits + debits;
  }

  StatementTotals plus(Posting line) {
    return line.direction() == PostingDirection.CREDIT
        ? new StatementTotals(credits + 1, credited.plus(line.amount()), debits, debited)
        : new StatementTotals(credits, credited, debits + 1, debited.plus(line.amount()));
  }
}
