package io.kontor.limits;

import io.kontor.web.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request costs its caller. Each request costs 1, which is taken before it is served; a call
 * that does the work of many adds to it once it has read how many.
 */
public final class RequestCost {
  private static final String ATTRIBUTE = RequestCost.class.getName();

  /** Where nothing is counted, such as in the calls between nodes. */
  private static final RequestCost FREE = new RequestCost((_, _) -> null);

  /** Limits may change while a request waits. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Limits limits;

  /** What the request's caller may cost. */
  @FunctionalInterface
  interface Limits {
    /**
     * Takes all of {@code cost} or nothing; null when it is taken.
     *
     * @param taken what the same request has taken in this minute already
     */
    @Nullable Refusal take(long cost, long taken);
  }

  RequestCost(Limits limits) {
    this.limits = limits;
  }

  public static RequestCost of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof RequestCost counted ? counted : FREE;
  }

  /**
   * Takes all of {@code cost}, or nothing, once for a request.
   *
   * @param cost 0 or more, beside the 1 that is taken already
   * @throws ProblemException (429) when it is over a limit
   */
  public void add(long cost) {
    Refusal refusal = cost == 0 ? null : limits.take(cost, 1);
    if (refusal != null) {
      throw refusal.problem();
    }
  }

  /** Waits until {@code cost}, which is 1 or more, is within the limits, and takes it. */
  public void addInTime(long cost) throws InterruptedException {
    for (Refusal refusal = limits.take(cost, 0); refusal != null; refusal = limits.take(cost, 0)) {
      Thread.sleep(Collections.min(List.of(refusal.retryIn(), LONGEST_PAUSE)));
    }
  }

  void keepIn(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }
}
