package io.kontor.api.standingorder;

/** Whether a standing order is executed. */
public enum StandingOrderStatus {
  ACTIVE,
  /** Not executed until it is resumed; due dates in between are left out. */
  PAUSED,
  /** After its last due date. */
  ENDED,
  CANCELLED
}
