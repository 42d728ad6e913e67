package io.kontor.query.statement;

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
 * @param kept how long a statement can be fetched after it was asked for
 */
@ConfigurationProperties("kontor.statements")
@Validated
public record StatementProperties(
    @DefaultValue("UTC") ZoneId zone,
    @DefaultValue("90d") @DurationMin(hours = 24) @DurationMax(hours = 87_600) Duration kept) {}
