package io.kontor.command.inventory;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.eventstore.read.FirstEvents;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.axonframework.eventhandling.DomainEventMessage;

/**
 * The prices of the current tenant's products, many in one query. A product gets its price when it
 * is registered and keeps it, so the first event of its stream has it. A registered product is here
 * at once, unlike in a read model.
 */
public class PriceList {
  private final FirstEvents events;

  PriceList(FirstEvents events) {
    this.events = events;
  }

  /**
   * The unit price of each SKU.
   *
   * @throws RejectedException when there is no product with one of them
   */
  public Quote quote(Collection<Sku> skus) {
    Map<Sku, StreamId> streams = new LinkedHashMap<>();
    skus.forEach(sku -> streams.put(sku, stream(sku)));
    Map<StreamId, DomainEventMessage<?>> registered = events.of(streams.values());
    Map<Sku, Money> prices = new LinkedHashMap<>();
    streams.forEach(
        (sku, stream) -> {
          DomainEventMessage<?> first = registered.get(stream);
          if (first == null) {
            throw new RejectedException(new Rejection.Unknown("product"));
          }
          prices.put(sku, price((InventoryEvent) first.getPayload()));
        });
    return new Quote(prices);
  }

  /** The unit prices of some products. */
  public record Quote(Map<Sku, Money> prices) {
    /** The price of one of the SKUs that were asked for. */
    public Money of(Sku sku) {
      return Objects.requireNonNull(prices.get(sku));
    }
  }

  private static StreamId stream(Sku sku) {
    var item = InventoryItemId.of(TenantContext.current(), sku);
    return new StreamId(item.tenant(), item.uuid());
  }

  /** Lists all events, so that one that changes a price does not compile unnoticed. */
  private static Money price(InventoryEvent first) {
    return switch (first) {
      case InventoryEvent.ProductRegistered registered -> registered.price();
      case InventoryEvent.StockAdded _,
          InventoryEvent.StockReserved _,
          InventoryEvent.StockReleased _,
          InventoryEvent.StockShipped _ ->
          throw new IllegalStateException("%s before its product".formatted(first));
    };
  }
}
