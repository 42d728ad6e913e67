package io.kontor.query.support;

import io.kontor.projections.engine.ReadModelBehindException;
import io.kontor.projections.engine.ReadModelPositions;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.axonframework.common.AxonException;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryExecutionException;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;

/** Asks the query handlers, once the read models are as far as the client needs them. */
public final class ReadGateway {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Pattern POSITION = Pattern.compile("0|[1-9][0-9]{0,17}");

  private final InstantSource clock = InstantSource.system();
  private final QueryGateway queries;
  private final ReadModelPositions readModels;

  public ReadGateway(QueryGateway queries, ReadModelPositions readModels) {
    this.queries = queries;
    this.readModels = readModels;
  }

  /**
   * Waits until the read models show what the client has seen answered.
   *
   * @param minPosition the header {@code Kontor-Min-Position}
   * @throws ProblemException when it is malformed, or a read model stays behind
   */
  public void await(@Nullable String minPosition, String... projections) {
    if (minPosition != null) {
      long position = position(minPosition);
      long end = System.nanoTime() + PATIENCE.toNanos();
      patiently(
          position,
          () -> {
            for (String projection : projections) {
              readModels.await(projection, position, Duration.ofNanos(end - System.nanoTime()));
            }
          });
    }
  }

  /**
   * Waits until the event store has what the client has seen answered.
   *
   * @param minPosition the header {@code Kontor-Min-Position}
   * @throws ProblemException when it is malformed, or beyond the last event
   */
  public void awaitStored(@Nullable String minPosition) {
    if (minPosition != null) {
      long position = position(minPosition);
      patiently(position, () -> readModels.awaitStored(position, PATIENCE));
    }
  }

  /**
   * Waits until nothing can be booked before an instant any more, and a read model shows all that
   * was.
   *
   * @throws ProblemException when the instant is in the future, or the read model stays behind
   */
  public void awaitAllBefore(String parameter, @Nullable Instant at, String projection) {
    if (at == null) {
      return;
    }
    if (isFuture(at)) {
      throw ProblemException.invalid(parameter, "must not be in the future");
    }
    try {
      readModels.awaitAllBefore(projection, at, PATIENCE);
    } catch (ReadModelBehindException behind) {
      throw ProblemException.tryAgain(
          "read-model-behind",
          "Read model behind",
          "what was booked before " + at + " is not complete yet; try again");
    }
  }

  /** Whether it can't be over in the time that a request waits. */
  public boolean isFuture(Instant instant) {
    return instant.isAfter(clock.instant().plus(PATIENCE));
  }

  /** The answer, or nothing when there is no such thing. */
  public <R> Optional<R> find(Object query, Class<R> answer) {
    return settled(queries.query(query, ResponseTypes.optionalInstanceOf(answer)));
  }

  /** All answers. */
  public <R> List<R> list(Object query, Class<R> answer) {
    return settled(queries.query(query, ResponseTypes.multipleInstancesOf(answer)));
  }

  private static long position(String minPosition) {
    if (!POSITION.matcher(minPosition).matches()) {
      throw ProblemException.invalid(KontorHeaders.MIN_POSITION, "must be a position such as 42");
    }
    return Long.parseLong(minPosition);
  }

  private static void patiently(long position, Runnable wait) {
    try {
      wait.run();
    } catch (ReadModelBehindException behind) {
      throw ProblemException.tryAgain(
          "read-model-behind",
          "Read model behind",
          "position " + position + " is not readable yet; try again");
    }
  }

  private static <T> T settled(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof AxonException unanswered
          && !(unanswered instanceof QueryExecutionException)) {
        throw nobodyAnswers();
      }
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  /** The handler is on another node, and none was reached. */
  private static ProblemException nobodyAnswers() {
    return ProblemException.tryAgain(
        "not-served-here", "Not served here", "no node that answers reads was reached; try again");
  }
}
