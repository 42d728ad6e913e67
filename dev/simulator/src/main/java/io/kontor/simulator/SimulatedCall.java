package io.kontor.simulator;

/** The calls that can fail. */
public enum SimulatedCall {
  /** {@code PUT /clearing/payments/{reference}} */
  SUBMIT_PAYMENT,
  /** {@code GET /clearing/payments/{reference}} */
  INQUIRE_PAYMENT,
  /** The settlement of an accepted payment, and its notification. */
  SETTLE_PAYMENT,
  /** {@code PUT /carrier/shipments/{reference}} */
  BOOK_SHIPMENT,
  /** {@code GET /carrier/shipments/{reference}} */
  INQUIRE_SHIPMENT,
  /** {@code POST /carrier/shipments/{reference}/cancel} */
  CANCEL_SHIPMENT
}
