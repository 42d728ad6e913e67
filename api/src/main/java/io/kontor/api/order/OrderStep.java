package io.kontor.api.order;

/** The steps of an order, in their order; they are undone in reverse. */
public enum OrderStep {
  /** The total is held on the account. */
  PAYMENT,
  /** Every line is reserved. */
  RESERVATION,
  /** The shipment is booked with the carrier. */
  SHIPPING,
  /** The hold is captured. */
  CAPTURE,
  /** The order can't be cancelled any more. */
  CONFIRMATION,
  /** The reserved items leave the stock. */
  HANDOVER
}
