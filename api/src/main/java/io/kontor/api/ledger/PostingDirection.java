package io.kontor.api.ledger;

/** The side of a posting, from the bank's view: a customer's money is a credit. */
public enum PostingDirection {
  DEBIT,
  CREDIT
}
