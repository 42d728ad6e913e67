package io.kontor.api.payment;

/** What the clearing house can say of a payment that it took. */
public enum ClearingOutcome {
  /** The creditor's bank has the money. */
  SETTLED,
  /** It will not be carried out. */
  REJECTED,
  /** The creditor's bank sent the money back, perhaps days after it had it. */
  RETURNED
}
