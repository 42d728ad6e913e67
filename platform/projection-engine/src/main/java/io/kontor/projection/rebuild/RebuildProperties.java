package io.kontor.projection.rebuild;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of rebuilds.
 *
 * @param batchSize events per transaction at most
 * @param share fraction of the time that a rebuild works while commands arrive; without commands it
 *     works all the time
 * @param keepPrevious whether the replaced generation is kept for a rollback
 * @param onNewVersion whether a projection is rebuilt at startup if its version is newer than its
 *     generation, as soon as no other rebuild of it is under way
 * @param tenantEvents events at most of a tenant whose rows can be rebuilt alone: batches of all
 *     tenants wait during the replacement
 * @param tenantPause pause after such a rebuild during which the same tenant's next one is rejected
 * @param stepTimeout timeout of a rebuild's statements whose duration depends on the size of a
 *     table: indexes, the swap, the replacement of a tenant's rows
 */
@ConfigurationProperties("kontor.projections.rebuild")
@Validated
public record RebuildProperties(
    @DefaultValue("20000") @Min(1) @Max(100_000) int batchSize,
    @DefaultValue("0.25") @DecimalMin("0.01") @DecimalMax("1") double share,
    @DefaultValue("true") boolean keepPrevious,
    @DefaultValue("true") boolean onNewVersion,
    @DefaultValue("50000") @Min(0) long tenantEvents,
    @DefaultValue("1m") @DurationMin(seconds = 0) Duration tenantPause,
    @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration stepTimeout) {}
