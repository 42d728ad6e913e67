package io.kontor.app.cli.demo;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.order.OrderEvent;
import io.kontor.api.payment.PaymentEvent;
import io.kontor.api.shipment.ShipmentEvent;
import io.kontor.api.standingorder.StandingOrderEvent;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import tools.jackson.databind.json.JsonMapper;

/** Events of an empty store in the order of their time, as the store would have them. */
final class EventHistory {
  private static final int VERSION_7 = 0x7000;
  private static final int RANDOM_A = 0x0fff;
  private static final long RANDOM_B = 0x3fff_ffff_ffff_ffffL;
  private static final int TIME_SHIFT = 16;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final NamedTypeSerializer serializer =
      NamedTypeSerializer.of(Jackson3Serializer.builder(), EventTypeRegistry.byName());
  private final Map<StreamId, Long> versions = new HashMap<>();
  private final Map<TenantId, Sha256> heads = new HashMap<>();
  private final Random random;
  private List<StoredEvent> events = new ArrayList<>();

  EventHistory(Random random) {
    this.random = random;
  }

  /** An id as it is created at that time: a UUID of version 7. */
  UUID id(Instant at) {
    return new UUID(
        (at.toEpochMilli() << TIME_SHIFT) | VERSION_7 | (random.nextInt() & RANDOM_A),
        Long.MIN_VALUE | (random.nextLong() & RANDOM_B));
  }

  /**
   * Adds the events of one unit of work.
   *
   * @param at not before the unit before it
   * @param actor who caused it
   */
  void add(Instant at, String actor, Object... unit) {
    String metadata =
        JSON.writeValueAsString(
            Map.of(
                MessageMetadata.ACTOR, actor, MessageMetadata.CORRELATION_ID, id(at).toString()));
    for (int i = 0; i < unit.length; i++) {
      add(at, unit[i], unit.length - 1 - i, metadata);
    }
  }

  /** The events since the last call. */
  List<StoredEvent> take() {
    List<StoredEvent> taken = events;
    events = new ArrayList<>();
    return taken;
  }

  private void add(Instant at, Object event, int rest, String metadata) {
    StreamId stream = StreamId.parse(stream(event));
    SerializedObject<String> payload = serializer.serialize(event, String.class);
    Sha256 head = heads.getOrDefault(stream.tenant(), EventChain.START);
    var stored =
        new StoredEvent(
            0,
            stream,
            versions.merge(stream, 0L, (last, first) -> last + 1),
            streamType(event),
            id(at),
            payload.getType().getName(),
            payload.getType().getRevision(),
            at,
            rest,
            payload.getData(),
            metadata,
            head);
    Sha256 next = EventChain.next(head, stored);
    heads.put(stream.tenant(), next);
    events.add(stored.chained(next));
  }

  private static String stream(Object event) {
    return switch (event) {
      case AccountEvent e -> e.account().toString();
      case InventoryEvent e -> e.item().toString();
      case OrderEvent e -> e.order().toString();
      case ShipmentEvent e -> e.shipment().toString();
      case PaymentEvent e -> e.payment().toString();
      case StandingOrderEvent e -> e.order().toString();
      default -> throw new IllegalArgumentException(event.toString());
    };
  }

  private static String streamType(Object event) {
    return switch (event) {
      case AccountEvent _ -> "Account";
      case InventoryEvent _ -> "InventoryItem";
      case OrderEvent _ -> "Order";
      case ShipmentEvent _ -> "Shipment";
      case PaymentEvent _ -> "Payment";
      default -> "StandingOrder";
    };
  }
}
