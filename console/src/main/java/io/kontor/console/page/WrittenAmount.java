package io.kontor.console.page;

import java.util.Currency;
import org.jspecify.annotations.Nullable;

/** An amount as a person wrote it, which the API reads and judges. */
record WrittenAmount(String amount, String currency) {

  static WrittenAmount of(@Nullable String amount, Currency currency) {
    return new WrittenAmount(amount == null ? "" : amount.strip(), currency.getCurrencyCode());
  }

  /** Null when nothing was written. */
  static @Nullable WrittenAmount ofOptional(@Nullable String amount, Currency currency) {
    return amount == null || amount.isBlank() ? null : of(amount, currency);
  }
}
