package io.kontor.projection.rebuild;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of rebuilds.
 *
 * @param batchSize events per transaction at most
 * @param share fraction of the time that a rebuild works while commands arrive; without commands it
 *     works all the time
 * @param keepPrevious whether the replaced generation is kept for a rollback
 * @param onNewVersion whether a projection is rebuilt at startup if its version is newer than its
 *     generation
 * @param tenantEvents events at most of a tenant whose rows can be rebuilt alone: batches of all
 *     tenants wait during the replacement
 * @param tenantPause pause after such a rebuild during which the same tenant's next one is rejected
 * @param stepTimeout timeout of statements whose duration depends on the size of a table
 */
@ConfigurationProperties("kontor.projections.rebuild")
public record RebuildProperties(
    @DefaultValue("20000") int batchSize,
    @DefaultValue("0.25") double share,
    @DefaultValue("true") boolean keepPrevious,
    @DefaultValue("true") boolean onNewVersion,
    @DefaultValue("50000") long tenantEvents,
    @DefaultValue("1m") Duration tenantPause,
    @DefaultValue("1h") Duration stepTimeout) {

  public RebuildProperties {
    if (batchSize < 1 || batchSize > 100_000) {
      throw new IllegalArgumentException("kontor.projections.rebuild.batch-size is 1 to 100000");
    }
    if (tenantEvents < 0 || tenantPause.isNegative()) {
      throw new IllegalArgumentException(
          "kontor.projections.rebuild.tenant-events and tenant-pause are 0 or more");
    }
    if (!(share >= 0.01 && share <= 1)) {
      throw new IllegalArgumentException("kontor.projections.rebuild.share is 0.01 to 1");
    }
    if (stepTimeout.compareTo(Duration.ofSeconds(1)) < 0
        || stepTimeout.compareTo(Duration.ofHours(24)) > 0) {
      throw new IllegalArgumentException("kontor.projections.rebuild.step-timeout is 1s to 24h");
    }
  }
}
