package io.kontor.tenancy;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/** Creates ids outside the aggregates: UUID version 7 (RFC 9562), ordered by time. */
public final class IdGenerator {
  private IdGenerator() {}

  public static UUID next() {
    return UuidCreator.getTimeOrderedEpoch();
  }
}
