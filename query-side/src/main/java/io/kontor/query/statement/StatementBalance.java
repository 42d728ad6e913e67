package io.kontor.query.statement;

import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.money.Money;

/**
 * Adds up a statement's lines. A statement of which the opening balance and the lines are not the
 * closing balance is an error and no document.
 */
final class StatementBalance {
  private final StatementHeading heading;
  private Money balance;
  private StatementTotals totals;

  StatementBalance(StatementHeading heading) {
    this.heading = heading;
    this.balance = heading.opening();
    Money zero = Money.zero(balance.currency());
    this.totals = new StatementTotals(0, zero, 0, zero);
  }

  /**
   * @throws IllegalStateException if the balance after the line is not that before it and its
   *     amount
   */
  void add(Posting line) {
    balance =
        line.direction() == PostingDirection.CREDIT
            ? balance.plus(line.amount())
            : balance.minus(line.amount());
    totals = totals.plus(line);
    if (!balance.equals(line.balanceAfter())) {
      throw new IllegalStateException(
          "the balance after posting %s is not the sum of those before it".formatted(line.id()));
    }
  }

  /**
   * @throws IllegalStateException if the lines are not those of the heading
   */
  void requireComplete() {
    if (!balance.equals(heading.closing()) || !totals.equals(heading.totals())) {
      throw new IllegalStateException(
          "opening balance and %d lines of account %s are not its closing balance"
              .formatted(totals.lines(), heading.account()));
    }
  }
}
