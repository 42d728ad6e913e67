package io.kontor.command.endofday.web;

import io.kontor.api.endofday.BankDayCommand.OpenBankDay;
import io.kontor.api.endofday.BankDayCommand.RequestEndOfDay;
import io.kontor.api.endofday.BankDayId;
import io.kontor.api.endofday.BankDayResult;
import io.kontor.api.message.Validation;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.SendsCommands;
import io.kontor.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Opens a tenant's first bank day, and has the end of one run again. */
@RestController
@RequestMapping(BankDayController.PATH)
@Tag(name = "End of day")
@SendsCommands
class BankDayController {
  static final String PATH = "/v1/admin/bank-day";

  /** Days before today that a bank may begin with, each of which is made up. */
  private static final int MOST_PAST_DAYS = 366;

  private final InstantSource clock;
  private final CommandDispatcher commands;

  BankDayController(CommandDispatcher commands, ObjectProvider<InstantSource> clock) {
    this.clock = clock.getIfAvailable(InstantSource::system);
    this.commands = commands;
  }

  /**
   * @param zone in which the days begin and end
   */
  @Schema(
      name = "OpenBankDay",
      example =
          """
          {"day":"2099-01-31","zone":"Europe/Berlin"}
          """)
  record FirstDay(LocalDate day, String zone) {
    FirstDay {
      Validation.that(
          ZoneId.getAvailableZoneIds().contains(zone),
          "zone: must be a time zone such as Europe/Berlin");
    }
  }

  @PostMapping
  @Operation(
      operationId = "openBankDay",
      summary = "Open the first bank day",
      description =
          """
          From then on the end of each day runs by itself once the day is over in `zone`: it accrues
          interest and, on the last day of a month, books interest and fees. Then the next day is
          open. A first day in the past, at most 366 days back, is made up day by day.
          """)
  @Answers(value = HttpStatus.CREATED, location = true, conflicts = "bank-day-open")
  ResponseEntity<BankDayResult> open(@RequestBody FirstDay body, HttpServletRequest http) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (body.day().isBefore(today.minusDays(MOST_PAST_DAYS))) {
      throw ProblemException.invalid(
          "/day", "must not be more than %d days ago".formatted(MOST_PAST_DAYS));
    }
    var command = new OpenBankDay(BankDayId.of(TenantContext.current()), body.day(), body.zone());
    return commands.send(CommandRequest.of(http, body), command, BankDayResult.class).created(PATH);
  }

  @PostMapping("/end")
  @Operation(
      operationId = "requestEndOfDay",
      summary = "Have the end of the open bank day run again",
      description =
          """
          It runs as soon as the day is over. Needed only when its job was cancelled or discarded; a
          dead one is retried as a job. What was done already is not done again.
          """)
  @Answers(value = HttpStatus.ACCEPTED, mayBeUnknown = true)
  ResponseEntity<BankDayResult> end(HttpServletRequest http) {
    var command = new RequestEndOfDay(BankDayId.of(TenantContext.current()));
    return commands.send(CommandRequest.of(http, null), command, BankDayResult.class).accepted();
  }
}
