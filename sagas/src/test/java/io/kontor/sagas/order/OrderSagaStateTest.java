package io.kontor.sagas.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.order.OrderStep;
import io.kontor.sagas.order.OrderSagaState.StepResult;
import io.kontor.sagas.order.OrderSagaState.StepResult.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
class OrderSagaStateTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final OrderSagaState state = new OrderSagaState();

  @Test
  void aResultThatWasNotRecordedIsStored() {
    var result = new StepResult(Kind.DONE, "T1");
    state.begin(OrderStep.SHIPPING, NOON, MINUTE);
    state.notRecorded(result, "away", NOON);
    OrderSagaState read = JSON.readValue(JSON.writeValueAsString(state), OrderSagaState.class);
    assertThat(read.unrecorded()).isEqualTo(result);
    assertThat(read.needsAttention()).isFalse();
  }

  @Test
  void stateOfTheFirstVersionIsRead() {
    String stored =
        """
        {"begun":["PAYMENT"],"step":"PAYMENT","furthest":"PAYMENT","back":true,"attention":false,
         "since":"2026-01-31T12:00:00Z","deadline":"2026-01-31T12:01:00Z","attempts":2,
         "lastError":"away","turn":5,"wakeUp":"w1","untold":{"news":"UNDONE","text":null}}
        """;
    OrderSagaState read = JSON.readValue(stored, OrderSagaState.class);
    assertThat(read.isCompensating()).isTrue();
    assertThat(read.unrecorded()).isEqualTo(StepResult.of(Kind.UNDONE));
    assertThat(read.hasBegun(OrderStep.PAYMENT)).isTrue();
    assertThat(read.hasBegun(OrderStep.RESERVATION)).isFalse();
  }

  @Test
  void stateWithoutAnUnrecordedResultIsRead() {
    String stored = "{\"begun\":[],\"step\":\"PAYMENT\"}";
    assertThat(JSON.readValue(stored, OrderSagaState.class).unrecorded()).isNull();
  }

  @Test
  void aResultThatIsNotRecordedByTheDeadlineNeedsAttentionUntilItIs() {
    var result = StepResult.of(Kind.DONE);
    state.begin(OrderStep.PAYMENT, NOON, MINUTE);
    state.notRecorded(result, "away", NOON.plus(MINUTE));
    assertThat(state.needsAttention()).isTrue();
    state.recorded(result);
    assertThat(state.needsAttention()).isFalse();
  }
}
