package io.kontor.sagas.payment;

import io.kontor.api.money.Money;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.resilience.CallFailure;
import io.kontor.resilience.CallResult;
import io.kontor.resilience.ForeignText;
import io.kontor.resilience.ResilientHttpClient;
import io.kontor.tenancy.TenantContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Through whom other banks are paid. A payment is taken once, by its reference. */
public final class ClearingHouseClient implements AutoCloseable {
  /** Its refusal for good; every other status says something about the call, not the payment. */
  private static final int UNPROCESSABLE = 422;

  private final @Nullable ResilientHttpClient remote;
  private final PersonalDataService personalData;
  private final JsonMapper json = new JsonMapper();

  /**
   * @param remote none, when null: then nobody answers
   */
  public ClearingHouseClient(
      @Nullable ResilientHttpClient remote, PersonalDataService personalData) {
    this.remote = remote;
    this.personalData = personalData;
  }

  /** A payer who was forgotten pays no more; what was submitted before counts. */
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
      return nobody();
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
    return remote == null ? nobody() : of(payment, remote.get(path(payment), Standing.class));
  }

  @Override
  public void close() {
    if (remote != null) {
      remote.close();
    }
  }

  private static CallResult<Standing> nobody() {
    return new CallResult.Failed<>(CallFailure.CONNECTION, "no clearing house is configured");
  }

  /** A call that was wrong in itself is no word on the payment. */
  private static CallResult<Standing> onlyRefusalsOf(CallResult<Standing> reply) {
    return reply instanceof CallResult.Refused<Standing> refused
            && refused.status() != UNPROCESSABLE
        ? new CallResult.Failed<>(
            CallFailure.SERVER, "status %d: %s".formatted(refused.status(), refused.reason()))
        : reply;
  }

  /** An answer about another payment is none. */
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
   * What it is sent.
   *
   * @param participant this bank, as it is known there
   */
  record Order(String participant, JsonNode creditor, Money amount, String remittance) {}

  /**
   * How a payment stands there.
   *
   * @param reference the payment, where the answer repeats it
   * @param reason as {@link ForeignText#reason}
   */
  record Standing(@Nullable String reference, State state, @Nullable String reason) {
    Standing {
      Objects.requireNonNull(state, "state: is missing");
      reason = ForeignText.reason(reason);
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
