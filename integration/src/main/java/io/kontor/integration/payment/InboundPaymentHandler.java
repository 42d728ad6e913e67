package io.kontor.integration.payment;

import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountId;
import io.kontor.api.integration.InboundPayment;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoreFailureReason;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.messaging.HandlerExecutionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Books inbound payments, each once: the payment's id is the idempotency key of its deposit, so the
 * transaction that books it also records that it is booked.
 */
final class InboundPaymentHandler {
  private static final long TIMEOUT_SECONDS = 30;

  static final String NOT_A_PAYMENT = "not-a-payment";

  private final CommandBus bus;
  private final IdempotencyRecords idempotency;
  private final JsonMapper json;
  private final String actor;

  /**
   * @param actor recorded in the events' metadata
   */
  InboundPaymentHandler(
      CommandBus bus, IdempotencyRecords idempotency, JsonMapper json, String actor) {
    this.bus = bus;
    this.idempotency = idempotency;
    this.json = json;
    this.actor = actor;
  }

  /** The outcome of a booking. */
  enum Booking {
    BOOKED,
    /** It had been booked before. */
    REPEATED
  }

  /**
   * Books the payment and waits until that is durable.
   *
   * @throws InvalidPaymentException when it can never be booked
   * @throws RuntimeException when the outcome is unknown and the caller must retry
   */
  Booking book(InboundPayment payment) {
    Deposit command = command(payment);
    return TenantContext.call(command.account().tenant(), () -> book(payment, command));
  }

  private Booking book(InboundPayment payment, Deposit command) {
    String key = InboundPayment.IDEMPOTENCY_KEYS + payment.id();
    String fingerprint = fingerprint(payment);
    Map<String, ?> metadata =
        Map.of(
            MessageMetadata.ACTOR,
            actor,
            MessageMetadata.CORRELATION_ID,
            payment.id(),
            IdempotencyRecords.IDEMPOTENCY_KEY,
            key,
            IdempotencyRecords.REQUEST_FINGERPRINT,
            fingerprint);
    var callback = new FutureCallback<Object, Object>();
    bus.dispatch(new GenericCommandMessage<Object>(command, metadata), callback);
    CommandResultMessage<?> result = callback.getResult(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (!result.isExceptional()) {
      return Booking.BOOKED;
    }
    Throwable failure = result.exceptionResult();
    // A rejection travels between nodes as the exception's details.
    return switch (HandlerExecutionException.resolveDetails(failure).orElse(null)) {
      // Rejected now but booked before counts as booked: the account may have been closed since.
      case Rejection refused ->
          before(key, fingerprint)
              .orElseThrow(() -> new InvalidPaymentException(refused.slug(), refused.detail()));
      case StoreFailureReason refusal when refusal == StoreFailureReason.ANSWERED_BEFORE ->
          before(key, fingerprint).orElseThrow(() -> notYet(payment, failure));
      case null, default -> throw notYet(payment, failure);
    };
  }

  private Optional<Booking> before(String key, String fingerprint) {
    return idempotency.find(key).map(stored -> repeated(stored.fingerprint().equals(fingerprint)));
  }

  private static IllegalStateException notYet(InboundPayment payment, Throwable failure) {
    return new IllegalStateException(
        "payment '%s' is not booked yet".formatted(payment.id()), failure);
  }

  private static Booking repeated(boolean same) {
    if (!same) {
      throw new InvalidPaymentException(
          "id-reuse", "another payment with this id was booked before");
    }
    return Booking.REPEATED;
  }

  private static Deposit command(InboundPayment payment) {
    try {
      var account = new AccountId(new TenantId(payment.tenant()), payment.account());
      var amount = Money.of(payment.amount().amount(), payment.amount().currency());
      Validation.amount("amount", amount);
      return new Deposit(account, IdGenerator.next(), amount, payment.reference());
    } catch (IllegalArgumentException | ArithmeticException | NullPointerException malformed) {
      throw new InvalidPaymentException(NOT_A_PAYMENT, malformed.getMessage());
    }
  }

  private String fingerprint(InboundPayment payment) {
    var content =
        List.of(payment.tenant(), payment.account(), payment.amount(), payment.reference());
    try {
      return Sha256.of(json.writeValueAsBytes(content)).toString();
    } catch (JacksonException unwritable) {
      throw new InvalidPaymentException(NOT_A_PAYMENT, unwritable.getOriginalMessage());
    }
  }
}
