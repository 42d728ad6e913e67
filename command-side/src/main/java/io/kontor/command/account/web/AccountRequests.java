package io.kontor.command.account.web;

import io.kontor.api.message.Validation;
import io.kontor.api.money.CurrentCurrencies;
import io.kontor.api.money.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The requests of the account calls. Constructors reject values that no command accepts. */
final class AccountRequests {
  private AccountRequests() {}

  /**
   * @param overdraftLimit zero, when null
   */
  @Schema(
      name = "OpenAccount",
      example =
          """
          {"customer":"cust-42","owner":"Ada Lovelace","currency":"EUR",
           "overdraftLimit":{"amount":"100.00","currency":"EUR"}}
          """)
  record Open(
      String customer,
      String owner,
      @Schema(pattern = "^[A-Z]{3}$") String currency,
      @Nullable Money overdraftLimit) {
    Open {
      Validation.text("customer", customer);
      Validation.text("owner", owner);
      Validation.that(
          CurrentCurrencies.contains(currency),
          "currency: must be a code of the current ISO 4217 list, such as \"EUR\"");
      if (overdraftLimit != null) {
        Validation.notNegative("overdraftLimit", overdraftLimit);
        Validation.that(
            overdraftLimit.currency().getCurrencyCode().equals(currency),
            "overdraftLimit: must be in the account's currency");
      }
    }
  }

  @Schema(
      name = "Deposit",
      example =
          """
          {"amount":{"amount":"12.50","currency":"EUR"},"reference":"January salary"}
          """)
  record Deposit(Money amount, String reference) {
    Deposit {
      Validation.amount("amount", amount);
      Validation.reference(reference);
    }
  }

  /** The currency is the account's, which may have left the ISO 4217 list since. */
  @Schema(
      name = "Withdrawal",
      example =
          """
          {"amount":{"amount":"12.50","currency":"EUR"},"reference":"cash"}
          """)
  record Withdrawal(Money amount, String reference) {
    Withdrawal {
      Validation.positive("amount", amount);
      Validation.reference(reference);
    }
  }

  @Schema(
      name = "PlaceHold",
      example =
          """
          {"amount":{"amount":"12.50","currency":"EUR"},"reference":"card 4711",
           "expiresAt":"2099-12-31T23:00:00Z"}
          """)
  record Hold(Money amount, String reference, @Nullable Instant expiresAt) {
    Hold {
      Validation.amount("amount", amount);
      Validation.reference(reference);
    }
  }

  /**
   * @param amount the amount; the whole hold, when null
   */
  @Schema(
      name = "CaptureHold",
      example =
          """
          {"amount":{"amount":"10.00","currency":"EUR"}}
          """)
  record Capture(@Nullable Money amount) {
    Capture {
      if (amount != null) {
        Validation.positive("amount", amount);
      }
    }
  }

  @Schema(
      name = "FreezeReason",
      example =
          """
          {"reason":"court order 17/26"}
          """)
  record Reason(String reason) {
    Reason {
      Validation.text("reason", reason);
    }
  }

  @Schema(
      name = "ChangeOverdraftLimit",
      example =
          """
          {"overdraftLimit":{"amount":"250.00","currency":"EUR"}}
          """)
  record OverdraftLimit(Money overdraftLimit) {
    OverdraftLimit {
      Validation.notNegative("overdraftLimit", overdraftLimit);
      Validation.currency("overdraftLimit", overdraftLimit.currency());
    }
  }
}
