package io.kontor.counterparty;

/** Where something can go wrong. */
public enum SimulatedCall {
  /** {@code PUT /clearing/payments/{reference}} */
  SUBMIT_PAYMENT,
  /** {@code GET /clearing/payments/{reference}} */
  INQUIRE_PAYMENT,
  /** What becomes of an accepted payment, and how the bank is told. */
  SETTLE_PAYMENT,
  /** {@code PUT /carrier/shipments/{reference}} */
  BOOK_SHIPMENT,
  /** {@code GET /carrier/shipments/{reference}} */
  INQUIRE_SHIPMENT,
  /** {@code POST /carrier/shipments/{reference}/cancel} */
  CANCEL_SHIPMENT
}
