package io.kontor.query.statement;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.api.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.UUID;

/**
 * What a statement says apart from its lines.
 *
 * @param bank the bank's name
 * @param owner the account owner's name
 * @param from the first day
 * @param to the day after the last one
 * @param zone in which days begin
 * @param opening the balance before everything booked from {@code from} on
 * @param closing the balance before everything booked from {@code to} on
 */
record StatementHeading(
    String bank,
    UUID account,
    String customer,
    String owner,
    LocalDate from,
    LocalDate to,
    ZoneId zone,
    Money opening,
    Money closing,
    StatementTotals totals) {

  /** A name for the document: the same for the same account and period. */
  UUID id() {
    return UUID.nameUUIDFromBytes((account + " " + begins() + " " + ends()).getBytes(UTF_8));
  }

  LocalDate lastDay() {
    return to.minusDays(1);
  }

  /** The day on which something is booked. */
  LocalDate dayOf(Instant bookedAt) {
    return LocalDate.ofInstant(bookedAt, zone);
  }

  OffsetDateTime begins() {
    return from.atStartOfDay(zone).toOffsetDateTime();
  }

  OffsetDateTime ends() {
    return to.atStartOfDay(zone).toOffsetDateTime();
  }
}
