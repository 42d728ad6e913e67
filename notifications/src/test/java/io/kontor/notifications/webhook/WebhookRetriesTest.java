package io.kontor.notifications.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class WebhookRetriesTest {

  /** The first pause is a second, and each is twice the one before. */
  @Test
  void aWebhookThatFailsIsTriedForThreeDays() {
    Duration all = Duration.ZERO;
    Duration pause = Duration.ofSeconds(1);
    Duration longest = WebhookJob.TYPE.longestPause();
    for (int attempt = 1; attempt < WebhookJob.TYPE.maxAttempts(); attempt++) {
      all = all.plus(pause);
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(longest) < 0 ? doubled : longest;
    }
    assertThat(all).isBetween(Duration.ofDays(3), Duration.ofDays(3).plus(longest));
  }
}
