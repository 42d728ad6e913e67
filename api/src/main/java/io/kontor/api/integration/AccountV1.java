package io.kontor.api.integration;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Published events of an account; {@code balance} and {@code held} are the values after the event.
 */
public sealed interface AccountV1 extends IntegrationEvent {
  /** See {@link #topic}. */
  String TOPIC = "accounts.v1";

  @Override
  default String topic() {
    return TOPIC;
  }

  UUID account();

  record Opened(UUID account, String currency, AmountV1 overdraftLimit) implements AccountV1 {}

  record Deposited(UUID account, UUID entry, AmountV1 amount, AmountV1 balance)
      implements AccountV1 {}

  record Withdrawn(UUID account, UUID entry, AmountV1 amount, AmountV1 balance)
      implements AccountV1 {}

  record HoldPlaced(
      UUID account, UUID hold, AmountV1 amount, AmountV1 held, @Nullable Instant expiresAt)
      implements AccountV1 {}

  /** {@code released} is the rest of the hold. */
  record HoldCaptured(
      UUID account,
      UUID hold,
      UUID entry,
      AmountV1 amount,
      AmountV1 released,
      AmountV1 balance,
      AmountV1 held)
      implements AccountV1 {}

  record HoldReleased(UUID account, UUID hold, AmountV1 amount, AmountV1 held, boolean expired)
      implements AccountV1 {}

  /** A capture was booked back. */
  record CaptureRefunded(UUID account, UUID hold, UUID entry, AmountV1 amount, AmountV1 balance)
      implements AccountV1 {}

  /** Another bank returned the money. */
  record MoneyReturned(UUID account, UUID entry, AmountV1 amount, AmountV1 balance)
      implements AccountV1 {}

  /** For a period that ended on {@code period}; an amount below zero was paid by the customer. */
  record InterestBooked(
      UUID account, UUID entry, LocalDate period, AmountV1 amount, AmountV1 balance)
      implements AccountV1 {}

  /** For a period that ended on {@code period}. */
  record FeeBooked(UUID account, UUID entry, LocalDate period, AmountV1 amount, AmountV1 balance)
      implements AccountV1 {}

  record TransferSent(
      UUID account, UUID transfer, UUID entry, UUID to, AmountV1 amount, AmountV1 balance)
      implements AccountV1 {}

  record TransferReceived(
      UUID account, UUID transfer, UUID entry, UUID from, AmountV1 amount, AmountV1 balance)
      implements AccountV1 {}

  record Frozen(UUID account) implements AccountV1 {}

  record Unfrozen(UUID account) implements AccountV1 {}

  record OverdraftLimitChanged(UUID account, AmountV1 overdraftLimit) implements AccountV1 {}

  record Closed(UUID account) implements AccountV1 {}
}
