package io.kontor.command.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.CommandBus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Placing orders: which problem a client gets, and how many commands one takes. */
@SpringBootTest(
    classes = CommandSideApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"axon.axonserver.enabled=false", "axon.timeout.enabled=false"})
class OrdersHttpTest {
  @LocalServerPort private int port;
  @Autowired private CommandBus commands;

  private final String product = UUID.randomUUID().toString().substring(0, 8);
  private CommandApiClient teller;
  private String account;

  @BeforeEach
  void openAccount() {
    teller = CommandApiClient.teller(port, "acme");
    account = teller.open("0.00");
  }

  @Test
  void anOrderOfFiftyLinesTakesTwoCommands() {
    List<String> skus = IntStream.range(0, 50).mapToObj(n -> product + "-" + n).toList();
    skus.forEach(sku -> offer(sku, "1.00", "EUR"));
    Queue<String> sent = new ConcurrentLinkedQueue<>();
    try (var counting =
        commands.registerDispatchInterceptor(
            messages ->
                (index, command) -> {
                  sent.add(command.getPayloadType().getSimpleName());
                  return command;
                })) {
      assertThat(counting).isNotNull();
      Answer placed = order(skus);
      assertThat(placed.status()).isEqualTo(202);
      assertThat(placed.text("status")).isEqualTo("PLACED");
    }
    assertThat(sent).containsExactly("ShowOwner", "PlaceOrder");
  }

  @Test
  void anUnknownAccountIsReportedBeforeAnUnknownProduct() {
    assertThat(order(List.of(product)).text("detail")).isEqualTo("there is no such product");
    account = UUID.randomUUID().toString();
    Answer unknown = order(List.of(product));
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text("detail")).isEqualTo("there is no such account");
  }

  @Test
  void anotherTenantsProductIsUnknown() {
    CommandApiClient.teller(port, "globex").post("/v1/products", registration(product, "1", "JPY"));
    assertThat(order(List.of(product)).status()).isEqualTo(404);
  }

  @Test
  void aProductPricedInAnotherCurrencyIsRejected() {
    offer(product, "1", "JPY");
    Answer rejected = order(List.of(product));
    assertThat(rejected.status()).isEqualTo(422);
    assertThat(rejected.slug()).isEqualTo("currency-mismatch");
  }

  @Test
  void aTotalThatNoAccountCanHoldIsAnInvalidRequest() {
    offer(product, "92233720368547758.07", "EUR");
    Answer rejected = order(List.of(product));
    assertThat(rejected.status()).isEqualTo(400);
    assertThat(rejected.slug()).isEqualTo("invalid-request");
    assertThat(rejected.pointer()).isEqualTo("/items");
  }

  @Test
  void anOrderThatWasRejectedCanBePlacedUnderTheSameKey() {
    String key = UUID.randomUUID().toString();
    assertThat(order(List.of(product), key).status()).isEqualTo(404);
    offer(product, "1.00", "EUR");
    assertThat(order(List.of(product), key).status()).isEqualTo(202);
    assertThat(order(List.of(product), key).header("Idempotent-Replayed")).isEqualTo("true");
  }

  private void offer(String sku, String price, String currency) {
    var offered = teller.post("/v1/products", registration(sku, price, currency));
    assertThat(offered.status()).isEqualTo(201);
  }

  private static String registration(String sku, String price, String currency) {
    return "{'sku':'%s','name':'A thing','price':{'amount':'%s','currency':'%s'}}"
        .formatted(sku, price, currency);
  }

  private Answer order(List<String> skus) {
    return order(skus, UUID.randomUUID().toString());
  }

  private Answer order(List<String> skus, String key) {
    List<String> items =
        skus.stream().map(sku -> "{'sku':'%s','quantity':2}".formatted(sku)).toList();
    return teller.post(
        "/v1/orders",
        """
        {'account':'%s','items':[%s],'shippingAddress':{'name':'Ada Lovelace',\
        'line1':'Street 1','postalCode':'10115','city':'Berlin','country':'DE'}}
        """
            .formatted(account, String.join(",", items)),
        key);
  }
}
