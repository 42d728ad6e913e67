package io.kontor.api.standingorder;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.kontor.api.message.DatedId;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.time.LocalDate;
import java.util.UUID;

/** A standing order's id, which is also the id of its stream. */
public record StandingOrderId(TenantId tenant, UUID uuid) {
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
    return DatedId.of(uuid, dueDate.toString(), dueDate);
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}
