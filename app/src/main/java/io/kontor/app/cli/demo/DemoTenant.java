package io.kontor.app.cli.demo;

import io.kontor.api.inventory.InventoryEvent.ProductRegistered;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.payment.Creditor;
import io.kontor.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;

/**
 * A made-up bank with its customers.
 *
 * @param creditors whom its customers pay at other banks
 */
record DemoTenant(TenantId id, String name, Currency currency, List<Creditor> creditors) {
  static final List<DemoTenant> BOTH =
      List.of(
          new DemoTenant(
              new TenantId("acme"),
              "Acme",
              Money.currencyOf("EUR"),
              List.of(
                  new Creditor("Stadtwerke", "DE89370400440532013000"),
                  new Creditor("Assurances du Midi", "FR1420041010050500013M02606"),
                  new Creditor("Grachtenhuis Beheer", "NL91ABNA0417164300"))),
          new DemoTenant(
              new TenantId("globex"),
              "Globex",
              Money.currencyOf("CHF"),
              List.of(
                  new Creditor("Kantonale Steuerverwaltung", "CH9300762011623852957"),
                  new Creditor("Bergbahnen Genossenschaft", "CH9300762011623852957"))));

  /** Has an account at each tenant: a person to sign in as. */
  static final String ALICE = "alice";

  private static final String[] FIRST_NAMES = {
    "Alice", "Ben", "Chiara", "David", "Elif", "Felix", "Greta", "Hugo", "Ines", "Jakob", "Klara",
    "Luis", "Mira", "Noah", "Olga", "Paul", "Rosa", "Samir", "Tilda", "Yusuf"
  };
  private static final String[] LAST_NAMES = {
    "Fischer", "Albrecht", "Bauer", "Costa", "Dubois", "Engel", "Ferrari", "Grünwald", "Huber",
    "Ivanova", "Jansen", "Keller", "Lindström", "Moreau", "Novak", "Özdemir", "Peeters", "Rossi",
    "Schäfer", "Weiß"
  };
  private static final int[] PRICES = {990, 1450, 2900, 4900, 7900, 12900};
  private static final String[] PRODUCTS = {"Mug", "Notebook", "Lamp", "Rucksack", "Radio", "Desk"};

  /** The customer of a number; the first one is {@link #ALICE}. */
  static String customer(int number) {
    return number == 0 ? ALICE : "cust-%d".formatted(1_000 + number);
  }

  static String owner(int number) {
    int last = number + number / FIRST_NAMES.length;
    return FIRST_NAMES[number % FIRST_NAMES.length] + " " + LAST_NAMES[last % LAST_NAMES.length];
  }

  /** What the tenant's shop sells. */
  List<ProductRegistered> products() {
    List<ProductRegistered> products = new ArrayList<>();
    for (int i = 0; i < PRODUCTS.length; i++) {
      var sku = new Sku(PRODUCTS[i].toUpperCase(Locale.ROOT) + "-1");
      products.add(
          new ProductRegistered(
              InventoryItemId.of(id, sku), sku, PRODUCTS[i], new Money(PRICES[i], currency)));
    }
    return products;
  }
}
