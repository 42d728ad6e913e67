package io.kontor.command.payment.web;

import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.Creditor;
import io.kontor.httpclient.ForeignText;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The requests of the payment calls. */
final class PaymentRequests {
  private PaymentRequests() {}

  @Schema(
      name = "RequestPayment",
      example =
          """
          {"from":"01900000-0000-7000-8000-00000000000a",
           "creditor":{"name":"Grace Hopper","iban":"DE89370400440532013000"},
           "amount":{"amount":"12.50","currency":"EUR"},"reference":"invoice 17"}
          """)
  record Payment(UUID from, Creditor creditor, Money amount, String reference) {
    Payment {
      Validation.amount("amount", amount);
      Validation.reference(reference);
    }
  }

  @Schema(
      name = "ResolvePayment",
      example =
          """
          {"outcome":"SETTLED","reason":"the clearing house confirmed it by phone"}
          """)
  record Resolution(ClearingOutcome outcome, String reason) {
    Resolution {
      Validation.text("reason", reason);
    }
  }

  /**
   * A notification from the clearing house.
   *
   * @param messageId the same for each delivery of a message
   * @param reference the payment
   * @param reason cleaned, never rejected: the outcome must not be lost because of its text
   */
  @Schema(
      name = "ClearingNotification",
      example =
          """
          {"messageId":"8f14e45f","reference":"01900000-0000-7000-8000-00000000000a",
           "state":"REJECTED","reason":"the account is unknown"}
          """)
  record Notification(
      String messageId, UUID reference, ClearingOutcome state, @Nullable String reason) {
    private static final int LONGEST_ID = 100;

    Notification {
      Validation.that(
          IdempotencyKeyFormat.isKey(messageId) && messageId.length() <= LONGEST_ID,
          "messageId: must be 1 to %d printable ASCII characters".formatted(LONGEST_ID));
      reason = ForeignText.reason(reason);
    }
  }
}
