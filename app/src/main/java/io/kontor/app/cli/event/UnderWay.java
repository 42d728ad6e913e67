package io.kontor.app.cli.event;

import io.kontor.eventstore.event.StoredEvent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which orders and payments among events have begun and not ended. */
final class UnderWay {
  private static final String ORDER = "order";
  private static final String PAYMENT = "payment";

  private final Map<String, String> streams = new LinkedHashMap<>();

  void see(StoredEvent event) {
    String stream = event.stream().toString();
    switch (event.type()) {
      case "order-placed" -> streams.put(stream, ORDER);
      case "payment-requested" -> streams.put(stream, PAYMENT);
      case "payment-outcome-reported" -> streams.put(stream, PAYMENT); // it comes back
      case "order-items-shipped", "order-cancelled" -> streams.remove(stream);
      case "payment-settled", "payment-rejected", "payment-returned" -> streams.remove(stream);
      default -> {
        // It neither begins nor ends here.
      }
    }
  }

  /** What each is, by its stream. */
  Map<String, String> streams() {
    return Collections.unmodifiableMap(streams);
  }
}
