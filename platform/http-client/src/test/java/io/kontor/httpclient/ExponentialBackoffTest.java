package io.kontor.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class ExponentialBackoffTest {
  @Test
  void eachPauseIsTwiceTheOneBeforeUpToTheLongest() {
    var backoff = new ExponentialBackoff(Duration.ofSeconds(1), Duration.ofSeconds(5));

    assertThat(IntStream.rangeClosed(1, 5).mapToObj(backoff::after))
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 4L, 5L, 5L);
    assertThat(backoff.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void noPauseIsZeroOrLongerThanTheLongest() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExponentialBackoff(Duration.ZERO, Duration.ofSeconds(5)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExponentialBackoff(Duration.ofSeconds(6), Duration.ofSeconds(5)));
  }
}
