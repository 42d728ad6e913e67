package io.kontor.sagas.payment;

import io.kontor.api.money.Money;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.httpclient.CallFailure;
import io.kontor.httpclient.CallResult;
import io.kontor.httpclient.ForeignText;
import io.kontor.httpclient.ResilientHttpClient;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.tenancy.TenantContext;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** HTTP client of the clearing house, which is idempotent by the payment's reference. */
public final class ClearingHouseClient implements AutoCloseable {
  /** A final rejection of the payment; every other status is about the call. */
  private static final int UNPROCESSABLE = 422;

  private final @Nullable ResilientHttpClient remote;
  private final PersonalDataService personalData;
  private final JsonMapper json = new JsonMapper();

  /**
   * @param remote the clearing house; null if none is configured, then every call fails
   */
  public ClearingHouseClient(
      @Nullable ResilientHttpClient remote, PersonalDataService personalData) {
    this.remote = remote;
    this.personalData = personalData;
  }

  /**
   * Submits a payment. With the payer's data erased, only returns the standing of a payment
   * submitted before.
   */
  CallResult<Standing> submit(PaymentId payment, PaymentTerms terms) {
    String creditor =
        TenantContext.call(payment.tenant(), () -> personalData.reveal(terms.creditor()));
    if (creditor.equals(PersonalDataService.FORGOTTEN)) {
      CallResult<Standing> known = inquire(payment);
      return known instanceof CallResult.Refused<Standing> refused && refused.isUnknown()
          ? new CallResult.Refused<>(UNPROCESSABLE, "the payer was forgotten")
          : onlyRefusalsOf(known);
    }
    if (remote == null) {
      return notConfigured();
    }
    return onlyRefusalsOf(
        of(
            payment,
            remote.put(
                path(payment),
                new Order(
                    payment.tenant().value(),
                    json.readTree(creditor),
                    terms.amount(),
                    terms.reference()),
                Standing.class)));
  }

  CallResult<Standing> inquire(PaymentId payment) {
    return remote == null
        ? notConfigured()
        : of(payment, remote.get(path(payment), Standing.class));
  }

  @Override
  public void close() {
    if (remote != null) {
      remote.close();
    }
  }

  private static CallResult<Standing> notConfigured() {
    return new CallResult.Failed<>(CallFailure.CONNECTION, "no clearing house is configured");
  }

  /** Any status but 422 is a failure of the call, not a rejection of the payment. */
  private static CallResult<Standing> onlyRefusalsOf(CallResult<Standing> reply) {
    return reply instanceof CallResult.Refused<Standing> refused
            && refused.status() != UNPROCESSABLE
        ? new CallResult.Failed<>(
            CallFailure.SERVER, "status %d: %s".formatted(refused.status(), refused.reason()))
        : reply;
  }

  /** A response about another payment is a failure. */
  private static CallResult<Standing> of(PaymentId payment, CallResult<Standing> reply) {
    return reply instanceof CallResult.Done<Standing>(Standing standing)
            && standing.reference() != null
            && !standing.reference().equals(payment.uuid().toString())
        ? new CallResult.Failed<>(CallFailure.UNREADABLE, "the answer is about another payment")
        : reply;
  }

  private static String path(PaymentId payment) {
    return "/payments/" + payment.uuid();
  }

  /**
   * Request body.
   *
   * @param participant this bank's id at the clearing house
   */
  record Order(String participant, JsonNode creditor, Money amount, String remittance) {}

  /**
   * The standing of a payment at the clearing house.
   *
   * @param reference the payment, if the response repeats it
   * @param reason as {@link ForeignText#reason}
   */
  record Standing(@Nullable String reference, State state, @Nullable String reason) {
    Standing {
      Objects.requireNonNull(state, "state: is missing");
      reason = ForeignText.reason(reason);
    }

    /** The final outcome; empty while there is none. */
    Optional<ClearingOutcome> outcome() {
      return switch (state) {
        case ACCEPTED -> Optional.empty();
        case REFUSED, REJECTED -> Optional.of(ClearingOutcome.REJECTED);
        case SETTLED -> Optional.of(ClearingOutcome.SETTLED);
        case RETURNED -> Optional.of(ClearingOutcome.RETURNED);
      };
    }
  }

  enum State {
    ACCEPTED,
    REFUSED,
    SETTLED,
    REJECTED,
    RETURNED
  }
}
