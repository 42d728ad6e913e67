package io.kontor.api.ledger;

/** What a journal entry records. */
public enum EntryKind {
  DEPOSIT,
  WITHDRAWAL,
  CAPTURE,
  TRANSFER,
  REFUND,
  RETURN,
  INTEREST,
  FEE
}
