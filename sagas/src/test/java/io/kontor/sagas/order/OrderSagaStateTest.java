package io.kontor.sagas.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.order.OrderStep;
import io.kontor.sagas.order.OrderSagaState.News;
import io.kontor.sagas.order.OrderSagaState.Untold;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class OrderSagaStateTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final OrderSagaState progress = new OrderSagaState();

  @Test
  void whatTheOrderWasNotToldSurvivesARestart() {
    var news = new Untold(News.DONE, "T1");
    progress.begin(OrderStep.SHIPPING, NOON, Duration.ofMinutes(1));
    progress.notTold(news, "away", NOON);
    OrderSagaState read = JSON.readValue(JSON.writeValueAsString(progress), OrderSagaState.class);
    assertThat(read.untold()).isEqualTo(news);
    assertThat(read.needsAttention()).isFalse();
  }

  @Test
  void whatWasStoredBeforeThereWasAnythingUntoldIsRead() {
    assertThat(JSON.readValue("{\"begun\":[],\"step\":\"PAYMENT\"}", OrderSagaState.class).untold())
        .isNull();
  }

  @Test
  void pastItsDeadlineAnOrderThatCantBeToldNeedsAPerson() {
    progress.begin(OrderStep.PAYMENT, NOON, Duration.ofMinutes(1));
    progress.notTold(new Untold(News.DONE, null), "away", NOON.plusSeconds(60));
    assertThat(progress.needsAttention()).isTrue();
    progress.told(new Untold(News.DONE, null));
    assertThat(progress.needsAttention()).isFalse();
  }
}
