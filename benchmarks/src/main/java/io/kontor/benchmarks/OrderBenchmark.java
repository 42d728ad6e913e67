package io.kontor.benchmarks;

import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.InventoryCommand.AddStock;
import io.kontor.api.inventory.InventoryCommand.RegisterProduct;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderCommand.PlaceOrder;
import io.kontor.api.order.OrderEvent.ItemsShipped;
import io.kontor.api.order.OrderEvent.OrderCancelled;
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderReferences;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.IdGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventMessage;

/** Orders of two lines, from placement until their items are shipped. */
record OrderBenchmark(BenchmarkBank bank, List<AccountId> accounts) implements Benchmark {
  private static final int UNDER_WAY = 64;
  private static final int PRODUCTS = 100;
  private static final int STOCK = 1_000_000;
  private static final Money PRICE = new Money(1, BenchmarkBank.EUR);
  private static final SealedText ADDRESS =
      SealedText.inTheClear(
          "bench",
          """
          {"name":"Ada","line1":"Street 1","postalCode":"10115","city":"Berlin","country":"DE"}
          """);

  @Override
  public String what() {
    return "orders of two lines, 64 under way, from placement to handover, the carrier over HTTP";
  }

  @Override
  public Measurement.Result run(Duration time) throws Exception {
    List<Sku> products = IntStream.range(0, PRODUCTS).mapToObj(this::offer).toList();
    Map<UUID, CompletableFuture<Boolean>> ends = new ConcurrentHashMap<>();
    try (var watching = bank.watch(events -> events.forEach(event -> note(event, ends)))) {
      return Measurement.closedLoop(
          UNDER_WAY,
          time,
          (caller, call) -> {
            int first = ThreadLocalRandom.current().nextInt(PRODUCTS);
            UUID order = IdGenerator.next();
            var end = new CompletableFuture<Boolean>();
            ends.put(order, end);
            bank.send(order(order, products.get(first), products.get((first + 1) % PRODUCTS)));
            return end.get(1, TimeUnit.MINUTES) ? 1 : 0;
          });
    }
  }

  private static void note(EventMessage<?> event, Map<UUID, CompletableFuture<Boolean>> ends) {
    switch (event.getPayload()) {
      case ItemsShipped shipped -> end(shipped.order(), true, ends);
      case OrderCancelled cancelled -> end(cancelled.order(), false, ends);
      default -> {
        // not the end of an order
      }
    }
  }

  private static void end(
      OrderId order, boolean completed, Map<UUID, CompletableFuture<Boolean>> ends) {
    var end = ends.remove(order.uuid());
    if (end != null) {
      end.complete(completed);
    }
  }

  private Sku offer(int number) {
    var sku = new Sku("BENCH-" + number + "-" + IdGenerator.next());
    InventoryItemId item = InventoryItemId.of(BenchmarkBank.ACME, sku);
    bank.send(new RegisterProduct(item, sku, "A thing", PRICE));
    bank.send(new AddStock(item, STOCK));
    return sku;
  }

  private PlaceOrder order(UUID id, Sku one, Sku other) {
    return new PlaceOrder(
        new OrderId(BenchmarkBank.ACME, id),
        accounts.get(ThreadLocalRandom.current().nextInt(accounts.size())),
        "bench",
        PRICE.currency(),
        List.of(new OrderLine(one, 1, PRICE), new OrderLine(other, 1, PRICE)),
        ADDRESS,
        new OrderReferences(
            IdGenerator.next(), IdGenerator.next(), IdGenerator.next(), IdGenerator.next()));
  }
}
