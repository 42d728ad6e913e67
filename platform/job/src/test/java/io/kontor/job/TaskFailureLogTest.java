package io.kontor.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Tag("fast")
@ExtendWith(OutputCaptureExtension.class)
class TaskFailureLogTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final TaskFailureLog log = new TaskFailureLog();

  @Test
  void retriesWhileAnotherSystemIsAwayAreTwoLines(CapturedOutput output) {
    for (int instance = 1; instance <= 50; instance++) {
      fail("book-shipment", instance, new RetryLaterException("the carrier is away"));
    }
    succeed("submit-payment");
    succeed("book-shipment");
    succeed("book-shipment");
    assertThat(output.getOut().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .endsWith("task retried task=book-shipment cause=\"the carrier is away\""),
            line -> assertThat(line).endsWith("task succeeds again task=book-shipment"));
  }

  @Test
  void anyOtherFailureIsALineEach(CapturedOutput output) {
    fail("book-shipment", 1, new IllegalStateException("unreadable"));
    fail("book-shipment", 2, new IllegalStateException("unreadable"));
    assertThat(output.getOut().lines()).hasSize(2).allMatch(line -> line.contains("unreadable"));
  }

  private void fail(String task, int instance, Throwable cause) {
    log.onExecutionComplete(
        ExecutionComplete.failure(execution(task, "i" + instance), NOON, NOON, cause));
  }

  private void succeed(String task) {
    log.onExecutionComplete(ExecutionComplete.success(execution(task, "i1"), NOON, NOON));
  }

  private static Execution execution(String task, String instance) {
    return new Execution(NOON, new TaskInstance<>(task, instance));
  }
}
