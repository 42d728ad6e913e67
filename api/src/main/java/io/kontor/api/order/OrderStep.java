package io.kontor.api.order;

/** The steps of an order, in the order in which they are done; they are undone in the reverse. */
public enum OrderStep {
  /** The total is held on the account. */
  PAYMENT,
  /** Every line is reserved. */
  RESERVATION,
  /** The carrier has been booked. */
  SHIPPING,
  /** The held money is booked out. */
  CAPTURE,
  /** From here on there is no way back. */
  CONFIRMATION,
  /** The reserved items leave the stock. */
  HANDOVER
}
