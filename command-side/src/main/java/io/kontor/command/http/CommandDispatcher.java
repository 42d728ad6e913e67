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
 * Sends commands, each at most once per idempotency key. An answer is stored with the events that
 * it tells of, so the way of a first request needs no look-up: only what was refused may turn out
 * to have been answered before.
 */
@Component
public class CommandDispatcher {
  private static final long PATIENCE_SECONDS = 30;

  private final InFlightRequests inFlight = new InFlightRequests();
  private final CommandBus bus;
  private final IdempotencyRecords answers;
  private final JsonMapper storedAnswers;
  private final RequestFingerprints fingerprints;

  CommandDispatcher(CommandBus bus, IdempotencyRecords answers, JsonMapper json) {
    this.bus = bus;
    this.answers = answers;
    this.storedAnswers = readingOtherReleases(json);
    this.fingerprints = new RequestFingerprints(json);
  }

  /**
   * Sends {@code command}, or finds the answer that its request was given before. The tenant must
   * be bound.
   *
   * @throws ProblemException when it is refused
   */
  public <A> CommandResponse<A> send(CommandRequest request, Object command, Class<A> answer) {
    return prepared(request, () -> command, answer);
  }

  /**
   * Sends the command that {@code preparation} makes, like {@link #send}; a preparation may refuse.
   *
   * @throws ProblemException when it is refused
   */
  public <A> CommandResponse<A> prepared(
      CommandRequest request, Supplier<?> preparation, Class<A> answer) {
    return inFlight.exclusively(
        request,
        () -> {
          try {
            return dispatch(request, preparation.get(), answer);
          } catch (ProblemException unprepared) {
            return replay(request, answer).orElseThrow(() -> unprepared);
          } catch (CommandExecutionException failed) {
            RuntimeException told = told(failed);
            return replay(request, answer).orElseThrow(() -> told);
          }
        });
  }

  /**
   * Asks something that changes nothing, and so has no key.
   *
   * @throws ProblemException when it is refused
   */
  public <A> A ask(RequestContext origin, Object question, Class<A> answer) {
    var message = new GenericCommandMessage<>(question, origin.metadata());
    try {
      return answer.cast(this.<A>dispatch(message).getPayload());
    } catch (CommandExecutionException failed) {
      throw told(failed);
    }
  }

  /**
   * Does {@code work}, which sends commands of its own, unless the request was answered before.
   * What it answers is remembered where {@link Composite#settled}.
   *
   * @throws ProblemException when it is refused
   */
  public <A extends Composite> CommandResponse<A> once(
      CommandRequest request, Class<A> answer, Work<A> work) {
    return inFlight.exclusively(
        request,
        () -> replay(request, answer).orElseGet(() -> remembered(request, answer, work.run())));
  }

  private <A extends Composite> CommandResponse<A> remembered(
      CommandRequest request, Class<A> type, CommandResponse<A> outcome) {
    String key = request.key();
    if (key == null || !outcome.answer().settled()) {
      return outcome;
    }
    try {
      long position =
          unlessBusy(() -> answers.remember(key, fingerprints.of(request), outcome.answer()));
      return new CommandResponse<>(
          outcome.answer(), Math.max(position, outcome.position()), outcome.replayed());
    } catch (DuplicateRequestException answered) {
      return replay(request, type).orElseThrow(RejectionProblems::storeBusy);
    }
  }

  private <A> Optional<CommandResponse<A>> replay(CommandRequest request, Class<A> type) {
    return Optional.ofNullable(request.key())
        .flatMap(key -> unlessBusy(() -> answers.find(key)))
        .map(
            stored -> {
              requireSameRequest(stored, request);
              A answer = storedAnswers.readValue(stored.json(), type);
              return new CommandResponse<>(answer, stored.position(), true);
            });
  }

  /** An answer is kept for two days, and a release may have fields that it lacks, or lack some. */
  private static JsonMapper readingOtherReleases(JsonMapper json) {
    return json.rebuild()
        .annotationIntrospector(new JacksonAnnotationIntrospector())
        .disable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .build();
  }

  private static <T> T unlessBusy(Supplier<T> look) {
    try {
      return look.get();
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
      throw new IllegalStateException("the command bus told no position");
    }
    return new CommandResponse<>(type.cast(result.getPayload()), position.longValue(), false);
  }

  private <A> CommandResultMessage<? extends A> dispatch(CommandMessage<Object> message) {
    var callback = new FutureCallback<Object, A>();
    bus.dispatch(message, callback);
    CommandResultMessage<? extends A> result =
        callback.getResult(PATIENCE_SECONDS, TimeUnit.SECONDS);
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

  /** What the client is told. The reason travels as the exception's details, between nodes too. */
  private static RuntimeException told(CommandExecutionException failed) {
    return switch (failed.getDetails().orElse(null)) {
      case Rejection reason -> RejectionProblems.problem(reason);
      // The answer was forgotten since: next time the key is for a new request.
      case StoreFailureReason refusal when refusal == StoreFailureReason.ANSWERED_BEFORE ->
          RejectionProblems.storeBusy();
      case null, default -> failed;
    };
  }

  /** An answer to a request of several commands. */
  public interface Composite {
    /** Whether asking again could not lead to more. */
    boolean settled();
  }

  /** Several commands, and what came of them. */
  public interface Work<A> {
    CommandResponse<A> run();
  }
}
