package io.kontor.sagas.endofday;

/** The steps of the end of a day, in their order. */
enum EndOfDayStep {
  /** A day's interest of each account is added up, and fees that are due. */
  ACCRUAL,
  /** On the last day of a month, what was added up is booked. */
  BOOKING,
  /** Nothing is left to do for an account. */
  CLOSING
}
