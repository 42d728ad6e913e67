package io.kontor.api.integration;

import io.kontor.api.message.Validation;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Money that came from outside, to be booked in. It is booked once, however often it is sent.
 *
 * @param id whoever sends it calls it so, and nothing else of that tenant: 1 to 128 visible ASCII
 *     characters
 * @param reference for the account's holder, may be empty
 */
public record InboundPayment(
    String id, String tenant, UUID account, AmountV1 amount, String reference) {
  /**
   * What the idempotency keys of inbound payments begin with. A client's key never does, since it
   * is printable ASCII. Keys that begin so are kept for ever, so a payment is booked once for ever.
   */
  public static final String IDEMPOTENCY_KEYS = "\u2192payments.inbound/";

  private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

  /**
   * @throws IllegalArgumentException when the id or the reference can't be one
   */
  public InboundPayment {
    Validation.that(ID.matcher(id).matches(), "id: must be 1 to 128 visible ASCII characters");
    Validation.carriedReference(reference);
  }
}
