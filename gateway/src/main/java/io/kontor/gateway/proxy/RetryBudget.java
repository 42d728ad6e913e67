package io.kontor.gateway.proxy;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much may be tried again: a share of the requests of the recent past, so that retries can't
 * multiply the load on nodes that have too much already. A hundred retries are always saved up
 * after a while without, for the moment at which a node dies.
 */
final class RetryBudget {
  private static final int RETRY = 100;
  private static final int MOST = 100 * RETRY;

  private final int percent;
  private final AtomicInteger saved = new AtomicInteger(MOST);

  /**
   * @param percent retries for 100 requests
   */
  RetryBudget(int percent) {
    this.percent = percent;
  }

  /** A request came. */
  void deposit() {
    saved.updateAndGet(before -> Math.min(MOST, before + percent));
  }

  /** Takes one retry, if there is one. */
  boolean tryWithdraw() {
    return saved.getAndUpdate(before -> before < RETRY ? before : before - RETRY) >= RETRY;
  }
}
