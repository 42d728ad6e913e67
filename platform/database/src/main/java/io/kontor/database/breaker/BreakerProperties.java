package io.kontor.database.breaker;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When requests are refused at once because the database is away. Reads and the append each have a
 * circuit breaker with these settings.
 *
 * @param failures failures in a row that mean an outage, after which the breaker opens
 * @param successes in a row, after which a half-open breaker closes; one failure opens it again
 * @param openFor after which an open breaker is half-open even if no probe succeeds
 * @param probeEvery pause between the probes of an open breaker; the first that succeeds makes it
 *     half-open
 */
@ConfigurationProperties("kontor.db.breaker")
@Validated
public record BreakerProperties(
    @DefaultValue("5") @Min(1) @Max(1000) int failures,
    @DefaultValue("2") @Min(1) @Max(1000) int successes,
    @DefaultValue("60s") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration openFor,
    @DefaultValue("1s") @DurationMin(millis = 100) @DurationMax(hours = 1) Duration probeEvery) {}
