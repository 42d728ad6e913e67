package io.kontor.query.statement;

import io.kontor.api.message.Validation;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * What is asked for: a period and a format.
 *
 * @param from the first day
 * @param to the day after the last one; not in the future
 */
@Schema(
    name = "StatementRequest",
    example =
        """
        {"from":"2026-01-01","to":"2026-02-01","format":"PDF"}
        """)
record StatementPeriod(LocalDate from, LocalDate to, StatementFormat format) {
  StatementPeriod {
    Validation.that(from.isBefore(to), "to: must be after from");
  }

  /** Its first instant. */
  Instant begin(ZoneId zone) {
    return from.atStartOfDay(zone).toInstant();
  }

  /** The first instant after it. */
  Instant end(ZoneId zone) {
    return to.atStartOfDay(zone).toInstant();
  }

  /**
   * @throws ProblemException if the period is not over yet
   */
  void requirePast(ReadGateway gateway, ZoneId zone) {
    if (gateway.isFuture(end(zone))) {
      throw ProblemException.invalid("/to", "must not be in the future");
    }
  }
}
