package io.kontor.sagas.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.order.OrderId;
import io.kontor.sagas.command.SystemCommandSender;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.modelling.saga.AnnotatedSaga;
import org.axonframework.modelling.saga.metamodel.AnnotationSagaMetaModelFactory;
import org.jspecify.annotations.Nullable;

/**
 * One order's saga with commands that the test answers and a clock that it moves. What is asserted
 * is about the last thing that happened.
 */
final class OrderSagaFixture {
  private static final AnnotationSagaMetaModelFactory MODELS = new AnnotationSagaMetaModelFactory();

  private final AnnotatedSaga<OrderSaga> saga;
  private final List<Object> sent = new ArrayList<>();
  private Instant now;

  OrderSagaFixture(
      OrderId order,
      Instant start,
      OrderSagaProperties properties,
      Function<Object, Object> answers) {
    now = start;
    var bus =
        new AnsweringCommandBus(
            command -> {
              sent.add(command);
              return answers.apply(command);
            });
    var gateway = new OrderStepGateway(new SystemCommandSender(bus), () -> now, properties);
    saga =
        new AnnotatedSaga<>(
            order.toString(),
            Set.of(OrderSagaTurn.association(order)),
            new OrderSaga().with(gateway),
            MODELS.modelOf(OrderSaga.class),
            MODELS.chainedInterceptor(OrderSaga.class));
  }

  OrderSagaFixture publish(Object event) {
    return publish(event, Map.of());
  }

  OrderSagaFixture publish(Object event, Map<String, ?> metadata) {
    sent.clear();
    saga.handle(new GenericEventMessage<>(new GenericEventMessage<>(event, metadata), () -> now));
    return this;
  }

  /** Lets time pass, then wakes the saga if that is due. */
  OrderSagaFixture elapse(Duration time) {
    sent.clear();
    now = now.plus(time);
    Instant wakeAt = wakeAt();
    if (saga.isActive() && wakeAt != null && !now.isBefore(wakeAt)) {
      saga.execute(OrderSaga::onDeadline);
    }
    return this;
  }

  OrderSagaFixture expectCommands(Object... commands) {
    assertThat(sent).containsExactly(commands);
    return this;
  }

  OrderSagaFixture expectNoCommands() {
    assertThat(sent).isEmpty();
    return this;
  }

  OrderSagaFixture expectNoWait() {
    assertThat(wakeAt()).isNull();
    return this;
  }

  OrderSagaFixture expectItsEnd() {
    assertThat(saga.isActive()).isFalse();
    return expectNoWait();
  }

  OrderSagaFixture expectThatItGoesOn() {
    assertThat(saga.isActive()).isTrue();
    return this;
  }

  private @Nullable Instant wakeAt() {
    return Objects.requireNonNull(saga.root()).progress().wakeAt();
  }
}
