package io.kontor.api.payment;

/** The outcome of a payment that the clearing house accepted. */
public enum ClearingOutcome {
  /** The creditor's bank has the money. */
  SETTLED,
  /** It is not carried out. */
  REJECTED,
  /** The creditor's bank sent the money back, possibly days after settlement. */
  RETURNED
}
