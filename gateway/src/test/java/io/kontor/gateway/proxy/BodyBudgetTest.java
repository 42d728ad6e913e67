package io.kontor.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kontor.gateway.proxy.BodyBudget.Share;
import io.kontor.web.problem.ProblemException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

@Tag("fast")
class BodyBudgetTest {
  private final BodyBudget budget = new BodyBudget(100_000);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBodyWithoutRoomIsRefusedUntilAnotherIsDone(boolean hasLength) {
    try (Share first = budget.share()) {
      assertThat(first.read(request(60_000, hasLength))).hasSize(60_000);
      try (Share second = budget.share()) {
        var refused =
            catchThrowableOfType(
                ProblemException.class, () -> second.read(request(60_000, hasLength)));
        assertThat(refused.status().value()).isEqualTo(503);
        assertThat(refused.slug()).isEqualTo("gateway-busy");
        assertThat(refused.headers().getFirst("Retry-After")).isEqualTo("1");
      }
    }
    try (Share third = budget.share()) {
      assertThat(third.read(request(80_000, hasLength))).hasSize(80_000);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSmallBodyTakesNoMoreThanItsLength(boolean hasLength) {
    for (int i = 0; i < 40; i++) {
      // Left open, as where the node has not answered yet.
      assertThat(budget.share().read(request(2_000, hasLength))).hasSize(2_000);
    }
  }

  @Test
  void aBodyOfSeveralPartsIsWhole() {
    byte[] body = new byte[50_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i % 251);
    }
    var request = new MockHttpServletRequest();
    request.setContent(body);
    try (Share share = budget.share()) {
      assertThat(share.read(request)).isEqualTo(body);
    }
  }

  private static MockHttpServletRequest request(int bytes, boolean hasLength) {
    var request =
        new MockHttpServletRequest() {
          @Override
          public long getContentLengthLong() {
            return hasLength ? super.getContentLengthLong() : -1;
          }
        };
    request.setContent(new byte[bytes]);
    return request;
  }
}
