package io.kontor.limits;

import io.kontor.web.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a request costs its caller. Each request costs 1, which is taken before it is served; a call
 * that does the work of many adds to it once it has read how many.
 */
public final class RequestCost {
  private static final String ATTRIBUTE = RequestCost.class.getName();

  /** Where nothing is counted, such as in the calls between nodes. */
  private static final RequestCost FREE = new RequestCost(_ -> null);

  /** Limits may change while a request waits. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final LongFunction<@Nullable Refusal> take;

  RequestCost(LongFunction<@Nullable Refusal> take) {
    this.take = take;
  }

  public static RequestCost of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof RequestCost counted ? counted : FREE;
  }

  /**
   * Takes all of {@code cost}, or nothing.
   *
   * @param cost 0 or more
   * @throws ProblemException (429) when it is over a limit
   */
  public void add(long cost) {
    Refusal refusal = cost == 0 ? null : take.apply(cost);
    if (refusal != null) {
      throw refusal.problem();
    }
  }

  /** Waits until {@code cost}, which is 1 or more, is within the limits, and takes it. */
  public void addInTime(long cost) throws InterruptedException {
    for (Refusal refusal = take.apply(cost); refusal != null; refusal = take.apply(cost)) {
      Thread.sleep(Collections.min(List.of(refusal.retryIn(), LONGEST_PAUSE)));
    }
  }

  void keepIn(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }
}
