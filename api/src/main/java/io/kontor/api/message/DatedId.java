package io.kontor.api.message;

import com.github.f4b6a3.uuid.UuidCreator;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

/** Ids of what exists once a day, always the same. */
public final class DatedId {
  private static final int VERSION_7 = 0x7000;
  private static final int BELOW_THE_VERSION = 0x0fff;

  private DatedId() {}

  /**
   * The id of what has a name and a day, in the form and the order of an id that was created on
   * that day.
   *
   * @param namespace whose names they are
   */
  public static UUID of(UUID namespace, String name, LocalDate day) {
    UUID hash = UuidCreator.getNameBasedSha1(namespace, name);
    long millis = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    return new UUID(
        (millis << 16) | VERSION_7 | (hash.getMostSignificantBits() & BELOW_THE_VERSION),
        hash.getLeastSignificantBits());
  }
}
