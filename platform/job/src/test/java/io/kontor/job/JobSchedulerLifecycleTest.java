package io.kontor.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class JobSchedulerLifecycleTest {
  @Test
  void theWorkOfADeadNodeIsTakenOverWithinTwentySeconds() {
    assertThat(JobSchedulerLifecycle.longestTakeover()).isLessThanOrEqualTo(Duration.ofSeconds(20));
  }
}
