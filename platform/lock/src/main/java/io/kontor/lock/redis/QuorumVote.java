package io.kontor.lock.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Counts the answers of independent servers until the majority is known. */
final class QuorumVote {
  /** What the majority said; unknown when too few of the servers have answered. */
  enum Outcome {
    YES,
    NO,
    UNKNOWN
  }

  private final int servers;
  private final int majority;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private int yes;
  private int no;
  private int failed;

  private QuorumVote(int servers) {
    this.servers = servers;
    this.majority = servers / 2 + 1;
  }

  /** Waits until the majority is known, or for the limit. */
  static Outcome of(List<? extends CompletionStage<Boolean>> answers, Duration limit) {
    var vote = new QuorumVote(answers.size());
    for (CompletionStage<Boolean> answer : answers) {
      answer.whenComplete(
          (said, failure) -> vote.count(failure == null, Boolean.TRUE.equals(said)));
    }
    return vote.outcome
        .completeOnTimeout(Outcome.UNKNOWN, limit.toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }

  private synchronized void count(boolean answered, boolean said) {
    if (!answered) {
      failed++;
    } else if (said) {
      yes++;
    } else {
      no++;
    }
    if (yes >= majority) {
      outcome.complete(Outcome.YES);
    } else if (no >= majority) {
      outcome.complete(Outcome.NO);
    } else if (yes + no + failed == servers) {
      outcome.complete(yes + no >= majority ? Outcome.NO : Outcome.UNKNOWN);
    }
  }
}
