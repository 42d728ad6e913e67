package io.kontor.command.standingorder;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Standing orders.
 *
 * @param zone the time zone in which their days begin and end
 * @param at the time of day at which they are executed
 * @param calendars the calendars of business days that an order may name: those of jollyday, such
 *     as TARGET or DE, and EVERY_DAY
 * @param tries how often a due date is tried while the money is missing
 * @param retryAfter the time between two tries
 */
@ConfigurationProperties("kontor.standing-orders")
@Validated
public record StandingOrderProperties(
    @DefaultValue("UTC") ZoneId zone,
    @DefaultValue("06:00") LocalTime at,
    @DefaultValue("TARGET") @NotEmpty List<String> calendars,
    @DefaultValue("3") @Min(1) @Max(100) int tries,
    @DefaultValue("4h") @DurationMin(seconds = 1) @DurationMax(hours = 168) Duration retryAfter) {}
