package io.kontor.api.endofday;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * A tenant's open bank day, and the last ones that were closed.
 *
 * @param day the open one
 * @param endsAt when it is over
 * @param daysBehind days that are over and not closed
 * @param closed the last 31, newest first
 */
public record BankDayDetails(
    LocalDate day, String zone, Instant endsAt, long daysBehind, List<ClosedDay> closed) {
  /**
   * @param accounts for which interest was accrued
   * @param booked accounts on which everything due was booked
   * @param owed accounts on which something due could not be booked
   */
  public record ClosedDay(LocalDate day, Instant closedAt, long accounts, long booked, long owed) {}
}
