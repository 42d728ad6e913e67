package io.kontor.job.queue;

import io.github.resilience4j.core.IntervalFunction;
import io.kontor.httpclient.ForeignText;
import io.kontor.job.queue.AttemptStore.Attempt;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Runs an attempt of one type's jobs and writes down what came of it. */
final class JobRunner<A> {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final double DOUBLED = 2;
  private static final double JITTER = 0.25;

  private final JobHandler<A> handler;
  private final AttemptStore store;
  private final JsonMapper json;
  private final IntervalFunction pause;

  JobRunner(JobHandler<A> handler, AttemptStore store, JsonMapper json) {
    this.handler = handler;
    this.store = store;
    this.json = json;
    this.pause = pause(handler.type());
  }

  /** In milliseconds, by the number of the attempt that failed. */
  static IntervalFunction pause(JobType<?> type) {
    return IntervalFunction.ofExponentialRandomBackoff(
        FIRST_PAUSE, DOUBLED, JITTER, type.longestPause());
  }

  /**
   * Runs the attempt of an admission; does nothing if that has ended already.
   *
   * @param instance {@code <tenant>/<job>/<admission>}
   */
  void run(String instance) {
    String[] parts = instance.split("/", 3);
    store
        .begin(new TenantId(parts[0]), UUID.fromString(parts[1]), Integer.parseInt(parts[2]))
        .ifPresent(this::run);
  }

  private void run(Attempt attempt) {
    if (attempt.cancelRequested()) {
      store.cancel(attempt, "cancelled before it began");
    } else if (attempt.number() > attempt.maxAttempts()) {
      die(attempt, "the program ended during each of its attempts");
    } else {
      try {
        Object result = TenantContext.call(attempt.tenant(), () -> handle(attempt));
        if (!store.complete(attempt, result == null ? null : json.writeValueAsString(result))) {
          LOG.warn("job result dropped, another attempt has begun {}", describe(attempt));
        }
      } catch (Exception failure) {
        fail(attempt, failure);
      }
    }
  }

  private @Nullable Object handle(Attempt attempt) throws Exception {
    A arguments = handler.read(attempt.revision(), json.readTree(attempt.arguments()), json);
    return handler.run(new JobContext<>(attempt, arguments, store));
  }

  private void fail(Attempt attempt, Exception failure) {
    if (Thread.interrupted() || failure instanceof InterruptedException) {
      store.handBack(attempt);
      LOG.info("job handed back {}", describe(attempt));
      Thread.currentThread().interrupt();
    } else if (failure instanceof JobCancelledException) {
      store.cancel(attempt, reason(failure));
    } else if (failure instanceof PermanentJobException) {
      die(attempt, reason(failure));
    } else if (attempt.number() >= attempt.maxAttempts()) {
      LOG.warn("job failed {}", describe(attempt), failure);
      die(attempt, reason(failure));
    } else {
      Duration wait = Duration.ofMillis(pause.apply(attempt.number()));
      LOG.info(
          "job failed, will be tried again {} afterMs={} reason={}",
          describe(attempt),
          wait.toMillis(),
          reason(failure));
      store.retry(attempt, wait, reason(failure));
    }
  }

  private void die(Attempt attempt, String reason) {
    if (store.die(attempt, reason)) {
      LOG.warn("job dead {} reason={}", describe(attempt), reason);
    }
  }

  private String describe(Attempt attempt) {
    return "type=%s job=%s/%s attempt=%d"
        .formatted(handler.type().name(), attempt.tenant(), attempt.id(), attempt.number());
  }

  private static String reason(Exception failure) {
    String message = failure.getMessage();
    boolean isPlain =
        failure instanceof PermanentJobException || failure instanceof JobCancelledException;
    return ForeignText.line(
        isPlain && message != null ? message : failure.toString(), "no reason is known");
  }
}
