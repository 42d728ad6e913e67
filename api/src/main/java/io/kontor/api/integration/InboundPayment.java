package io.kontor.api.integration;

import io.kontor.api.message.Validation;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Money from outside the bank, to be booked in. It is booked once, however often it is received.
 *
 * @param id the sender's id of the payment, unique per tenant: 1 to 128 visible ASCII characters
 * @param reference for the account's holder, may be empty
 */
public record InboundPayment(
    String id, String tenant, UUID account, AmountV1 amount, String reference) {
  /**
   * The prefix of the idempotency keys of inbound payments. Clients can't use it, since their keys
   * are printable ASCII. Records with it are kept for ever, so a payment is never booked twice.
   */
  public static final String IDEMPOTENCY_KEYS = "\u2192payments.inbound/";

  private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

  /**
   * @throws IllegalArgumentException when the id or the reference is invalid
   */
  public InboundPayment {
    Validation.that(ID.matcher(id).matches(), "id: must be 1 to 128 visible ASCII characters");
    Validation.carriedReference(reference);
  }
}
