package io.kontor.api.payment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.message.VersionedResult;
import io.kontor.api.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The read model of a payment.
 *
 * @param reason why it was rejected or returned, or needs attention
 * @param needsAttention whether it waits for an operator
 * @param history what happened to it, oldest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PaymentDetails(
    UUID id,
    UUID from,
    CreditorDetails creditor,
    Money amount,
    String reference,
    PaymentStatus status,
    @Nullable String reason,
    boolean needsAttention,
    Instant requestedAt,
    List<Happening> history,
    long version)
    implements VersionedResult {

  public PaymentDetails {
    history = List.copyOf(history);
  }

  /** The payee; both fields are {@code (forgotten)} once the payer was forgotten. */
  public record CreditorDetails(String name, String iban) {}

  /**
   * An entry of the history.
   *
   * @param status the status after it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Happening(Instant at, PaymentStatus status, @Nullable String reason) {}
}
