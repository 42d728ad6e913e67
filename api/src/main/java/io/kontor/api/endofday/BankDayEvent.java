package io.kontor.api.endofday;

import java.time.Instant;
import java.time.LocalDate;

/** What can happen to a tenant's bank days. */
public sealed interface BankDayEvent {
  BankDayId bank();

  /**
   * The first bank day was opened.
   *
   * @param endsAt when it is over, so that its end can run
   */
  record BankDayOpened(BankDayId bank, LocalDate day, String zone, Instant endsAt)
      implements BankDayEvent {}

  /** The end of the open bank day was asked for. */
  record EndOfDayRequested(BankDayId bank, LocalDate day, Instant endsAt) implements BankDayEvent {}

  /** The end of a bank day has run, and the next one is open. */
  record BankDayClosed(
      BankDayId bank,
      LocalDate day,
      EndOfDayFigures figures,
      LocalDate next,
      String zone,
      Instant nextEndsAt)
      implements BankDayEvent {}
}
