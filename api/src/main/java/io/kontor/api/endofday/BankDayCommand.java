package io.kontor.api.endofday;

import io.kontor.api.message.Validation;
import java.time.LocalDate;
import java.time.ZoneId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Commands to a tenant's bank days. */
public sealed interface BankDayCommand {
  BankDayId bank();

  /**
   * Opens a tenant's first bank day; each later one is opened by the end of the one before.
   * Rejected when there is one.
   *
   * @param zone the time zone in which its days begin and end, such as Europe/Berlin
   */
  record OpenBankDay(@TargetAggregateIdentifier BankDayId bank, LocalDate day, String zone)
      implements BankDayCommand {
    public OpenBankDay {
      Validation.that(
          ZoneId.getAvailableZoneIds().contains(zone),
          "zone: must be a time zone such as Europe/Berlin");
    }
  }

  /** Has the end of the open bank day run once it is over, should its job be gone. */
  record RequestEndOfDay(@TargetAggregateIdentifier BankDayId bank) implements BankDayCommand {}

  /**
   * Closes a bank day and opens the next one. Idempotent: it does nothing to a day closed before.
   */
  record CloseBankDay(
      @TargetAggregateIdentifier BankDayId bank, LocalDate day, EndOfDayFigures figures)
      implements BankDayCommand {}
}
