package io.kontor.api.transfer;

import io.kontor.api.account.AccountId;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import java.util.UUID;
import org.axonframework.commandhandling.RoutingKey;
import org.jspecify.annotations.Nullable;

/**
 * Moves money between two accounts of the bank: one decision, both legs or neither.
 *
 * @param onBehalfOf the customer who asks and must own {@code from}; null for the bank's staff
 */
public record TransferMoney(
    UUID transfer,
    UUID entry,
    @RoutingKey AccountId from,
    AccountId to,
    Money amount,
    String reference,
    @Nullable String onBehalfOf) {

  /**
   * @throws IllegalArgumentException when the amount is not positive, the reference is blank or too
   *     long, or the accounts are of different tenants
   */
  public TransferMoney {
    Validation.positive("amount", amount);
    Validation.carriedReference(reference);
    Validation.that(from.tenant().equals(to.tenant()), "to: must be an account of the same tenant");
  }

  /** A booked transfer, with both accounts' versions after it. */
  public record Booked(UUID id, UUID entryId, long fromVersion, long toVersion) {}
}
