package io.kontor.api.standingorder;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.f4b6a3.uuid.UuidCreator;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

/** A standing order's id, which is also the id of its stream. */
public record StandingOrderId(TenantId tenant, UUID uuid) {
  private static final int VERSION_7 = 0x7000;
  private static final int BELOW_THE_VERSION = 0x0fff;

  /**
   * @throws IllegalArgumentException when {@code text} is not {@code <tenant>/<uuid>}
   */
  @JsonCreator
  public static StandingOrderId parse(String text) {
    StreamId stream = StreamId.parse(text);
    return new StandingOrderId(stream.tenant(), stream.uuid());
  }

  /**
   * The id of the transfer or payment of a due date, always the same. It has the form and the order
   * of an id that was created on that date.
   */
  public UUID executionOn(LocalDate dueDate) {
    UUID name = UuidCreator.getNameBasedSha1(uuid, dueDate.toString());
    long millis = dueDate.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    return new UUID(
        (millis << 16) | VERSION_7 | (name.getMostSignificantBits() & BELOW_THE_VERSION),
        name.getLeastSignificantBits());
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}
