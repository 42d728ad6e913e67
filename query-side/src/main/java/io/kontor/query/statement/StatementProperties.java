package io.kontor.query.statement;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.ZoneId;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Statements of accounts.
 *
 * @param zone the time zone in which the days of a statement begin and end
 * @param dailyLimit how many statements of an account a customer may ask for within 24 hours
 * @param kept how long a statement can be fetched after it was asked for
 */
@ConfigurationProperties("kontor.statements")
@Validated
public record StatementProperties(
    @DefaultValue("UTC") ZoneId zone,
    @DefaultValue("20") @Min(1) @Max(100_000) int dailyLimit,
    @DefaultValue("90d") @DurationMin(hours = 24) @DurationMax(hours = 87_600) Duration kept) {}
