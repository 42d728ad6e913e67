package io.kontor.cache;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The cache of accounts, products and orders by id.
 *
 * @param near memory of the copies in this process, by estimate; 0 keeps none, and without Redis no
 *     copies at all
 * @param redis whether copies are kept in Redis, too, if servers are configured
 * @param ttl how long a copy is kept, a tenth more or less
 * @param absentTtl how long it is kept that there is no such row
 */
@ConfigurationProperties("kontor.cache")
@Validated
public record CacheProperties(
    @DefaultValue("64MB") DataSize near,
    @DefaultValue("true") boolean redis,
    @DefaultValue("10m") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration ttl,
    @DefaultValue("10s") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration absentTtl) {

  /** A time to live with jitter, so that what was stored together does not expire together. */
  Duration ttl(boolean absent) {
    long nanos = (absent ? absentTtl : ttl).toNanos();
    return Duration.ofNanos((long) (nanos * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
  }
}
