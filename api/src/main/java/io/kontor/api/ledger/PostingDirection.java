package io.kontor.api.ledger;

/** The side of the books a posting is on, from the bank's view: a customer's money is a credit. */
public enum PostingDirection {
  DEBIT,
  CREDIT
}
