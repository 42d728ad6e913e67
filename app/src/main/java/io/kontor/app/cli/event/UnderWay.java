package io.kontor.app.cli.event;

import io.kontor.eventstore.event.StoredEvent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the orders and payments that have begun but not ended. */
final class UnderWay {
  private static final String ORDER = "order";
  private static final String PAYMENT = "payment";

  private final Map<String, String> streams = new LinkedHashMap<>();

  void see(StoredEvent event) {
    String stream = event.stream().toString();
    switch (event.type()) {
      case "order-placed" -> streams.put(stream, ORDER);
      case "payment-requested" -> streams.put(stream, PAYMENT);
      case "payment-outcome-reported" ->
          streams.put(stream, PAYMENT); // a settled payment can be returned
      case "order-items-shipped", "order-cancelled" -> streams.remove(stream);
      case "payment-settled", "payment-rejected", "payment-returned" -> streams.remove(stream);
      default -> {
        // neither begins nor ends one
      }
    }
  }

  /** Stream to kind: order or payment. */
  Map<String, String> streams() {
    return Collections.unmodifiableMap(streams);
  }
}
