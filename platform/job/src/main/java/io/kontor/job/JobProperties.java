package io.kontor.job;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Scheduled jobs.
 *
 * @param threads jobs that a node runs at the same time at most; each mostly waits for another
 *     system, which admits only so many calls at once
 */
@ConfigurationProperties("kontor.jobs")
@Validated
public record JobProperties(@DefaultValue("32") @Min(1) int threads) {}
