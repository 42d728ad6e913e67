package io.kontor.api.integration;

import java.util.UUID;

/** Published events of a payment to another bank. */
public sealed interface PaymentV1 extends IntegrationEvent {
  /** See {@link #topic}. */
  String TOPIC = "payments.v1";

  @Override
  default String topic() {
    return TOPIC;
  }

  UUID payment();

  record Requested(UUID payment, UUID account, AmountV1 amount) implements PaymentV1 {}

  /** The clearing house accepted it. */
  record Submitted(UUID payment) implements PaymentV1 {}

  record Settled(UUID payment) implements PaymentV1 {}

  record Rejected(UUID payment) implements PaymentV1 {}

  record Returned(UUID payment) implements PaymentV1 {}
}
