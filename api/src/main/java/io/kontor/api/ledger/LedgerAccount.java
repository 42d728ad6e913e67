package io.kontor.api.ledger;

/** The ledger account of a posting: the customers' accounts, or one of the bank's own. */
public enum LedgerAccount {
  CUSTOMER,
  CASH,
  SETTLEMENT,
  CLEARING,
  INTEREST_EXPENSE,
  INTEREST_INCOME,
  FEE_INCOME
}
