package io.kontor.command.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.inventory.InventoryEvent.ProductRegistered;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.command.inventory.PriceList.Quote;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class PriceListTest {
  private static final TenantId ACME = new TenantId("acme");

  private final Map<StreamId, DomainEventMessage<?>> registered = new HashMap<>();
  private final PriceList prices = new PriceList(this::firstEvents);
  private int queries;

  @Test
  void fiftyPricesAreOneQuery() {
    List<Sku> skus = IntStream.range(0, 50).mapToObj(n -> new Sku("ITEM-" + n)).toList();
    skus.forEach(sku -> register(sku, "1.%02d".formatted(skus.indexOf(sku))));
    Quote quoted = quote(skus);
    assertThat(quoted.prices().keySet()).containsExactlyElementsOf(skus);
    assertThat(quoted.of(skus.get(49))).isEqualTo(Money.of("1.49", "EUR"));
    assertThat(queries).isEqualTo(1);
  }

  @Test
  void aSkuWithoutAProductIsRejected() {
    var mug = new Sku("MUG-1");
    register(mug, "9.90");
    assertThatThrownBy(() -> quote(List.of(mug, new Sku("CUP-1"))))
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected ->
                assertThat(rejected.rejection()).isEqualTo(new Rejection.Unknown("product")));
  }

  private Quote quote(List<Sku> skus) {
    return TenantContext.call(ACME, () -> prices.quote(skus));
  }

  private void register(Sku sku, String price) {
    var item = InventoryItemId.of(ACME, sku);
    registered.put(
        new StreamId(ACME, item.uuid()),
        new GenericDomainEventMessage<>(
            "InventoryItem",
            item.toString(),
            0,
            new ProductRegistered(item, sku, "A thing", Money.of(price, "EUR"))));
  }

  private Map<StreamId, DomainEventMessage<?>> firstEvents(Collection<StreamId> streams) {
    queries++;
    var found = new HashMap<>(registered);
    found.keySet().retainAll(streams);
    return found;
  }
}
