package io.kontor.command.http;

import io.kontor.api.Rejection;
import io.kontor.api.message.MessageMetadata;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.event.StoreFailureReason;
import io.kontor.eventstore.idempotency.DuplicateRequestException;
import io.kontor.eventstore.idempotency.IdempotencyRecord;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.IdempotencyKeyFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends commands, each at most once per idempotency key. The idempotency record is appended with
 * the command's events, so a first request needs no look-up; only after a rejection or failure the
 * dispatcher looks for a record.
 */
@Component
public class CommandDispatcher {
  private static final long TIMEOUT_SECONDS = 30;

  private final InFlightRequests inFlight = new InFlightRequests();
  private final CommandBus bus;
  private final IdempotencyRecords records;
  private final JsonMapper recordMapper;
  private final RequestFingerprints fingerprints;

  CommandDispatcher(CommandBus bus, IdempotencyRecords answers, JsonMapper json) {
    this.bus = bus;
    this.records = answers;
    this.recordMapper = readingOtherReleases(json);
    this.fingerprints = new RequestFingerprints(json);
  }

  /**
   * Sends {@code command}, or returns the recorded result of an earlier request with the same key.
   * The tenant must be bound.
   *
   * @throws ProblemException when it is rejected
   */
  public <A> CommandResponse<A> send(CommandRequest request, Object command, Class<A> type) {
    return prepared(request, () -> command, type);
  }

  /**
   * Sends the command that {@code preparation} creates, like {@link #send}; the preparation may
   * reject the request.
   *
   * @throws ProblemException when it is rejected
   */
  public <A> CommandResponse<A> prepared(
      CommandRequest request, Supplier<?> preparation, Class<A> type) {
    return inFlight.exclusively(
        request,
        () -> {
          try {
            return dispatch(request, preparation.get(), type);
          } catch (ProblemException rejected) {
            return replay(request, type).orElseThrow(() -> rejected);
          } catch (CommandExecutionException failed) {
            RuntimeException problem = asProblem(failed);
            return replay(request, type).orElseThrow(() -> problem);
          }
        });
  }

  /**
   * Sends a command that changes nothing, and so needs no idempotency key.
   *
   * @throws ProblemException when it is rejected
   */
  public <A> A ask(RequestContext origin, Object command, Class<A> type) {
    var message = new GenericCommandMessage<>(command, origin.metadata());
    try {
      return type.cast(this.<A>dispatch(message).getPayload());
    } catch (CommandExecutionException failed) {
      throw asProblem(failed);
    }
  }

  /**
   * Runs {@code work}, which sends commands of its own, unless the request's key has a result. The
   * result is recorded if it is {@link Composite#settled}.
   *
   * @throws ProblemException when it is rejected
   */
  public <A extends Composite> CommandResponse<A> once(
      CommandRequest request, Class<A> type, Work<A> work) {
    return inFlight.exclusively(
        request, () -> replay(request, type).orElseGet(() -> recorded(request, type, work.run())));
  }

  private <A extends Composite> CommandResponse<A> recorded(
      CommandRequest request, Class<A> type, CommandResponse<A> outcome) {
    String key = request.key();
    if (key == null || !outcome.answer().settled()) {
      return outcome;
    }
    try {
      long position =
          unlessBusy(() -> records.remember(key, fingerprints.of(request), outcome.answer()));
      return new CommandResponse<>(
          outcome.answer(), Math.max(position, outcome.position()), outcome.replayed());
    } catch (DuplicateRequestException duplicate) {
      return replay(request, type).orElseThrow(RejectionProblems::storeBusy);
    }
  }

  private <A> Optional<CommandResponse<A>> replay(CommandRequest request, Class<A> type) {
    return Optional.ofNullable(request.key())
        .flatMap(key -> unlessBusy(() -> records.find(key)))
        .map(
            stored -> {
              requireSameRequest(stored, request);
              A result = recordMapper.readValue(stored.json(), type);
              return new CommandResponse<>(result, stored.position(), true);
            });
  }

  /**
   * Results are recorded for two days, and another release may have written more fields, or fewer.
   */
  private static JsonMapper readingOtherReleases(JsonMapper json) {
    return json.rebuild()
        .annotationIntrospector(new JacksonAnnotationIntrospector())
        .disable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .build();
  }

  private static <T> T unlessBusy(Supplier<T> access) {
    try {
      return access.get();
    } catch (StoreBusyException busy) {
      throw RejectionProblems.storeBusy();
    }
  }

  private void requireSameRequest(IdempotencyRecord stored, CommandRequest request) {
    if (!stored.fingerprint().equals(fingerprints.of(request))) {
      throw IdempotencyKeyFormat.reused();
    }
  }

  private <A> CommandResponse<A> dispatch(CommandRequest request, Object command, Class<A> type) {
    CommandResultMessage<? extends A> result =
        dispatch(new GenericCommandMessage<>(command, metadata(request)));
    if (!(result.getMetaData().get(IdempotencyRecords.POSITION) instanceof Number position)) {
      throw new IllegalStateException("the command bus returned no position");
    }
    return new CommandResponse<>(type.cast(result.getPayload()), position.longValue(), false);
  }

  private <A> CommandResultMessage<? extends A> dispatch(CommandMessage<Object> message) {
    var callback = new FutureCallback<Object, A>();
    bus.dispatch(message, callback);
    CommandResultMessage<? extends A> result =
        callback.getResult(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (result.isExceptional()) {
      throw failure(result.exceptionResult());
    }
    return result;
  }

  private Map<String, Object> metadata(CommandRequest request) {
    Map<String, Object> metadata = request.origin().metadata();
    if (request.key() != null) {
      metadata.put(IdempotencyRecords.IDEMPOTENCY_KEY, request.key());
      metadata.put(IdempotencyRecords.REQUEST_FINGERPRINT, fingerprints.of(request));
    }
    if (request.expectedVersion() != null) {
      metadata.put(MessageMetadata.EXPECTED_VERSION, request.expectedVersion());
    }
    return metadata;
  }

  private static RuntimeException failure(Throwable failure) {
    if (StoreFailureReason.of(failure).filter(StoreFailureReason.BUSY::equals).isPresent()) {
      return RejectionProblems.storeBusy();
    }
    return switch (failure) {
      case TimeoutException _, NoHandlerForCommandException _, ConcurrencyException _ ->
          RejectionProblems.storeBusy();
      case RuntimeException unchecked -> unchecked;
      default -> new IllegalStateException(failure);
    };
  }

  /**
   * The problem for the client. The rejection is in the exception's details, also from another
   * node.
   */
  private static RuntimeException asProblem(CommandExecutionException failed) {
    return switch (failed.getDetails().orElse(null)) {
      case Rejection rejection -> RejectionProblems.problem(rejection);
      // The record expired in between: a retry counts as a new request.
      case StoreFailureReason reason when reason == StoreFailureReason.ANSWERED_BEFORE ->
          RejectionProblems.storeBusy();
      case null, default -> failed;
    };
  }

  /** The result of a request that sends several commands. */
  public interface Composite {
    /** Whether a retry could not achieve more. */
    boolean settled();
  }

  /** Sends several commands and returns their combined result. */
  public interface Work<A> {
    CommandResponse<A> run();
  }
}
