package io.kontor.integration.payment;

import io.kontor.api.integration.InboundPayment;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.MessageListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/** Reads payments from Kafka records and books them. */
final class InboundPaymentListener implements MessageListener<byte[], byte[]> {
  /** Many times the size of the longest payment. */
  static final int LARGEST_BYTES = 16 * 1024;

  private final JsonMapper json;
  private final InboundPaymentHandler handler;
  private final Counter booked;
  private final Counter repeated;

  /**
   * @param json parses bodies strictly, without coercion
   */
  InboundPaymentListener(JsonMapper json, InboundPaymentHandler handler, MeterRegistry meters) {
    this.json = json;
    this.handler = handler;
    this.booked = counter(meters, "booked");
    this.repeated = counter(meters, "repeated");
  }

  /** Counts messages by outcome. */
  static Counter counter(MeterRegistry meters, String outcome) {
    return Counter.builder("kontor.kafka.inbound")
        .description("messages that came in, by what came of them")
        .tag("outcome", outcome)
        .register(meters);
  }

  /**
   * @throws InvalidPaymentException when the message is not a payment
   */
  @Override
  public void onMessage(ConsumerRecord<byte[], byte[]> message) {
    switch (handler.book(payment(message.value()))) {
      case BOOKED -> booked.increment();
      case REPEATED -> repeated.increment();
    }
  }

  private InboundPayment payment(byte @Nullable [] body) {
    if (body == null) {
      throw new InvalidPaymentException(
          InboundPaymentHandler.NOT_A_PAYMENT, "the message is empty");
    }
    if (body.length > LARGEST_BYTES) {
      throw new InvalidPaymentException(
          InboundPaymentHandler.NOT_A_PAYMENT,
          "the message has %d bytes, at most %d are read".formatted(body.length, LARGEST_BYTES));
    }
    try {
      InboundPayment payment = json.readValue(body, InboundPayment.class);
      if (payment == null) {
        throw new InvalidPaymentException(
            InboundPaymentHandler.NOT_A_PAYMENT, "the message is null");
      }
      return payment;
    } catch (ValueInstantiationException malformed) {
      Throwable cause = malformed.getCause();
      throw new InvalidPaymentException(
          InboundPaymentHandler.NOT_A_PAYMENT,
          cause == null ? malformed.getOriginalMessage() : cause.getMessage());
    } catch (JacksonException unreadable) {
      throw new InvalidPaymentException(
          InboundPaymentHandler.NOT_A_PAYMENT, unreadable.getOriginalMessage());
    }
  }
}
