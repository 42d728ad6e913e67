package io.kontor.job.queue;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of jobs that a person can see and steer.
 *
 * @param workers jobs that a node runs at the same time at most
 * @param kept how long a job is listed after it has ended; a dead one stays until it is decided
 * @param stopLimit how long a stopping node waits for its running jobs before it hands them back
 */
@ConfigurationProperties("kontor.job-queue")
@Validated
public record JobQueueProperties(
    @DefaultValue("10") @Min(1) @Max(1000) int workers,
    @DefaultValue("30d") @DurationMin(hours = 1) Duration kept,
    @DefaultValue("10s") @DurationMin(seconds = 1) Duration stopLimit) {}
