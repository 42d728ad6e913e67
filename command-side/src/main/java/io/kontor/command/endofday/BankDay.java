package io.kontor.command.endofday;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.endofday.BankDayCommand.CloseBankDay;
import io.kontor.api.endofday.BankDayCommand.OpenBankDay;
import io.kontor.api.endofday.BankDayCommand.RequestEndOfDay;
import io.kontor.api.endofday.BankDayEvent;
import io.kontor.api.endofday.BankDayId;
import io.kontor.api.endofday.BankDayResult;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * A tenant's bank days, of which one is open. Its events carry the end of a day, computed when they
 * are applied, so that a later change of a zone's rules changes no past.
 */
@Aggregate(repository = BankDayConfiguration.BANK_DAYS)
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class BankDay {
  @AggregateIdentifier private BankDayId id;
  private LocalDate day;
  private String zone;
  private Instant endsAt;

  /** Axon creates an instance and replays its events. */
  @SuppressWarnings("NullAway.Init")
  BankDay() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  BankDayResult handle(OpenBankDay command) {
    if (id != null) {
      throw new RejectedException(new Rejection.BankDayOpen(day));
    }
    apply(
        new BankDayEvent.BankDayOpened(
            command.bank(), command.day(), command.zone(), end(command.day(), command.zone())));
    return result();
  }

  @CommandHandler
  BankDayResult handle(RequestEndOfDay command) {
    apply(new BankDayEvent.EndOfDayRequested(id, day, endsAt));
    return result();
  }

  @CommandHandler
  BankDayResult handle(CloseBankDay command) {
    if (command.day().equals(day)) {
      LocalDate next = day.plusDays(1);
      apply(
          new BankDayEvent.BankDayClosed(id, day, command.figures(), next, zone, end(next, zone)));
    }
    return result();
  }

  @EventSourcingHandler
  void evolve(BankDayEvent event) {
    switch (event) {
      case BankDayEvent.BankDayOpened opened -> {
        id = opened.bank();
        day = opened.day();
        zone = opened.zone();
        endsAt = opened.endsAt();
      }
      case BankDayEvent.BankDayClosed closed -> {
        day = closed.next();
        endsAt = closed.nextEndsAt();
      }
      case BankDayEvent.EndOfDayRequested _ -> {
        // changes nothing here
      }
    }
  }

  private BankDayResult result() {
    return new BankDayResult(day, endsAt, getVersion());
  }

  /** The start of the next day, which is not midnight where clocks change at midnight. */
  private static Instant end(LocalDate day, String zone) {
    return day.plusDays(1).atStartOfDay(ZoneId.of(zone)).toInstant();
  }
}
