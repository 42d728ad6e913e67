package io.kontor.limits;

import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/**
 * A request that would be over a limit.
 *
 * @param policy the limit's name
 * @param quota what is allowed in a minute
 * @param left what is left of it, 0 or more
 * @param retryIn after which the same request is within the limit
 * @param counter of rejected requests
 */
record Refusal(String policy, long quota, long left, Duration retryIn, Counter counter) {
  /** Counts the request as rejected and describes it to its client. */
  ProblemException problem() {
    counter.increment();
    long seconds = Math.max(1, retryIn.plusNanos(999_999_999).toSeconds());
    return new ProblemException(
            ProblemType.RATE_LIMITED,
            "at most " + quota + " in a minute (" + policy + "); try again in " + seconds + " s")
        .withHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds))
        .withHeader(KontorHeaders.RATE_LIMIT, '"' + policy + "\";r=" + left + ";t=" + seconds)
        .withHeader(KontorHeaders.RATE_LIMIT_POLICY, '"' + policy + "\";q=" + quota + ";w=60");
  }
}
