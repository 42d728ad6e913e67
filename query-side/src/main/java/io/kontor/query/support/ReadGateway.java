package io.kontor.query.support;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountQuery.FindAccount;
import io.kontor.projection.live.ReadModelBehindException;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.security.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.axonframework.common.AxonException;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryExecutionException;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;

/** Dispatches queries once the read models have reached the position that the client requires. */
public final class ReadGateway {
  /** Metadata of a query: the position that its answer must have reached, a {@link Long}. */
  public static final String MIN_POSITION = "minPosition";

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Pattern POSITION = Pattern.compile("0|[1-9][0-9]{0,17}");

  private final InstantSource clock = InstantSource.system();
  private final QueryGateway queries;
  private final ReadModelPositions readModels;

  public ReadGateway(QueryGateway queries, ReadModelPositions readModels) {
    this.queries = queries;
    this.readModels = readModels;
  }

  /**
   * Waits until the read models have reached a position.
   *
   * @param minPosition the header {@code Kontor-Min-Position}
   * @throws ProblemException if it is malformed (400) or a read model does not reach it in time
   *     (503)
   */
  public void await(@Nullable String minPosition, String... projections) {
    if (minPosition != null) {
      long position = position(minPosition);
      long end = System.nanoTime() + TIMEOUT.toNanos();
      orReadModelBehind(
          position,
          () -> {
            for (String projection : projections) {
              readModels.await(projection, position, Duration.ofNanos(end - System.nanoTime()));
            }
          });
    }
  }

  /**
   * Waits until an event processor that is no projection has reached a position.
   *
   * @param minPosition the header {@code Kontor-Min-Position}
   * @throws ProblemException if it is malformed (400) or the processor does not reach it in time
   *     (503)
   */
  public void awaitProcessor(@Nullable String minPosition, String processor) {
    if (minPosition != null) {
      long position = position(minPosition);
      orReadModelBehind(position, () -> readModels.awaitProcessor(processor, position, TIMEOUT));
    }
  }

  /**
   * Waits until the event store has reached a position.
   *
   * @param minPosition the header {@code Kontor-Min-Position}
   * @throws ProblemException if it is malformed (400) or the event store does not reach it in time
   *     (503)
   */
  public void awaitStored(@Nullable String minPosition) {
    if (minPosition != null) {
      long position = position(minPosition);
      orReadModelBehind(position, () -> readModels.awaitStored(position, TIMEOUT));
    }
  }

  /**
   * Waits until nothing can be booked before an instant any more and the read model has everything
   * that was.
   *
   * @throws ProblemException if the instant is in the future (400) or the read model does not get
   *     there in time (503)
   */
  public void awaitAllBefore(String parameter, @Nullable Instant at, String projection) {
    if (at == null) {
      return;
    }
    if (isFuture(at)) {
      throw ProblemException.invalid(parameter, "must not be in the future");
    }
    try {
      readModels.awaitAllBefore(projection, at, TIMEOUT);
    } catch (ReadModelBehindException behind) {
      throw ProblemException.tryAgain(
          ProblemType.READ_MODEL_BEHIND,
          "what was booked before " + at + " is not complete yet; try again");
    }
  }

  /** Whether an instant will not have passed within the timeout of a request. */
  public boolean isFuture(Instant instant) {
    return instant.isAfter(clock.instant().plus(TIMEOUT));
  }

  /**
   * Runs a query with at most one result, which must be at least as of a position that {@link
   * #await} has accepted.
   */
  public <R> Optional<R> find(Object query, Class<R> type, @Nullable String minPosition) {
    return find(
        minPosition == null
            ? query
            : GenericMessage.asMessage(query)
                .andMetaData(Map.of(MIN_POSITION, position(minPosition))),
        type);
  }

  /** Runs a query with at most one result. */
  public <R> Optional<R> find(Object query, Class<R> type) {
    return join(queries.query(query, ResponseTypes.optionalInstanceOf(type)));
  }

  /**
   * The account, if the caller may see it.
   *
   * @throws ProblemException (404) if not, or if there is none
   */
  public AccountDetails requireAccount(UUID account) {
    return requireAccount(account, null);
  }

  /**
   * The account, at least as of a position that {@link #await} has accepted.
   *
   * @throws ProblemException (404) if there is none, or the caller may not see it
   */
  public AccountDetails requireAccount(UUID account, @Nullable String minPosition) {
    return find(
            new FindAccount(account, Caller.current().asCustomer()),
            AccountDetails.class,
            minPosition)
        .orElseThrow(() -> ProblemException.notFound("there is no such account"));
  }

  /** Runs a query with a list of results. */
  public <R> List<R> list(Object query, Class<R> type) {
    return join(queries.query(query, ResponseTypes.multipleInstancesOf(type)));
  }

  private static long position(String minPosition) {
    if (!POSITION.matcher(minPosition).matches()) {
      throw ProblemException.invalid(KontorHeaders.MIN_POSITION, "must be a position such as 42");
    }
    return Long.parseLong(minPosition);
  }

  private static void orReadModelBehind(long position, Runnable wait) {
    try {
      wait.run();
    } catch (ReadModelBehindException behind) {
      throw ProblemException.tryAgain(
          ProblemType.READ_MODEL_BEHIND,
          "position " + position + " is not readable yet; try again");
    }
  }

  private static <T> T join(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof AxonException notDelivered
          && !(notDelivered instanceof QueryExecutionException)) {
        throw noNodeReached();
      }
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  /** The handler is on another node and no such node was reached. */
  private static ProblemException noNodeReached() {
    return ProblemException.tryAgain(
        ProblemType.NOT_SERVED_HERE, "no node that answers reads was reached; try again");
  }
}
