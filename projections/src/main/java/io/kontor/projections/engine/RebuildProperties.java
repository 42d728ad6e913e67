package io.kontor.projections.engine;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How projections are rebuilt.
 *
 * @param batchSize how many events go into one transaction at most
 * @param share of the time that a rebuild works while commands come in; it works all the time while
 *     none do
 * @param keepPrevious whether the generation that a rebuild replaced is kept for a rollback
 * @param onNewVersion whether a projection of a newer version than its generation is rebuilt when
 *     the bank starts
 * @param tenantEvents how many events a tenant may have at most for its rows to be replaced alone:
 *     everyone's batches wait meanwhile
 * @param tenantPause how long after such a replacement the same tenant's next one is refused
 * @param stepTimeout how long a statement may take that takes as long as a table is large
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
