package io.kontor.command.web;

import io.kontor.api.Metadata;
import io.kontor.api.Rejection;
import io.kontor.eventstore.Answers;
import io.kontor.eventstore.DuplicateRequestException;
import io.kontor.eventstore.StoreBusyException;
import io.kontor.eventstore.StoreRefusal;
import io.kontor.eventstore.StoredAnswer;
import io.kontor.web.IdempotencyKeys;
import io.kontor.web.Problem;
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
class Commands {
  private static final long PATIENCE_SECONDS = 30;

  private final InFlight inFlight = new InFlight();
  private final CommandBus bus;
  private final Answers answers;
  private final JsonMapper storedAnswers;
  private final Fingerprints fingerprints;

  Commands(CommandBus bus, Answers answers, JsonMapper json) {
    this.bus = bus;
    this.answers = answers;
    this.storedAnswers = readingOtherReleases(json);
    this.fingerprints = new Fingerprints(json);
  }

  /**
   * Sends {@code command}, or finds the answer that its request was given before. The tenant must
   * be bound.
   *
   * @throws Problem when it is refused
   */
  <A> Outcome<A> send(Request request, Object command, Class<A> answer) {
    return prepared(request, () -> command, answer);
  }

  /**
   * Sends the command that {@code preparation} makes, like {@link #send}; a preparation may refuse.
   *
   * @throws Problem when it is refused
   */
  <A> Outcome<A> prepared(Request request, Supplier<?> preparation, Class<A> answer) {
    return inFlight.exclusively(
        request,
        () -> {
          try {
            return dispatch(request, preparation.get(), answer);
          } catch (Problem unprepared) {
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
   * @throws Problem when it is refused
   */
  <A> A ask(Origin origin, Object question, Class<A> answer) {
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
   * @throws Problem when it is refused
   */
  <A extends Composite> Outcome<A> once(Request request, Class<A> answer, Work<A> work) {
    return inFlight.exclusively(
        request,
        () -> replay(request, answer).orElseGet(() -> remembered(request, answer, work.run())));
  }

  private <A extends Composite> Outcome<A> remembered(
      Request request, Class<A> type, Outcome<A> outcome) {
    String key = request.key();
    if (key == null || !outcome.answer().settled()) {
      return outcome;
    }
    try {
      long position =
          unlessBusy(() -> answers.remember(key, fingerprints.of(request), outcome.answer()));
      return new Outcome<>(
          outcome.answer(), Math.max(position, outcome.position()), outcome.replayed());
    } catch (DuplicateRequestException answered) {
      return replay(request, type).orElseThrow(Refusals::storeBusy);
    }
  }

  private <A> Optional<Outcome<A>> replay(Request request, Class<A> type) {
    return Optional.ofNullable(request.key())
        .flatMap(key -> unlessBusy(() -> answers.find(key)))
        .map(
            stored -> {
              requireSameRequest(stored, request);
              A answer = storedAnswers.readValue(stored.json(), type);
              return new Outcome<>(answer, stored.position(), true);
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
      throw Refusals.storeBusy();
    }
  }

  private void requireSameRequest(StoredAnswer stored, Request request) {
    if (!stored.fingerprint().equals(fingerprints.of(request))) {
      throw IdempotencyKeys.reused();
    }
  }

  private <A> Outcome<A> dispatch(Request request, Object command, Class<A> type) {
    CommandResultMessage<? extends A> result =
        dispatch(new GenericCommandMessage<>(command, metadata(request)));
    if (!(result.getMetaData().get(Answers.POSITION) instanceof Number position)) {
      throw new IllegalStateException("the command bus told no position");
    }
    return new Outcome<>(type.cast(result.getPayload()), position.longValue(), false);
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

  private Map<String, Object> metadata(Request request) {
    Map<String, Object> metadata = request.origin().metadata();
    if (request.key() != null) {
      metadata.put(Answers.IDEMPOTENCY_KEY, request.key());
      metadata.put(Answers.REQUEST_FINGERPRINT, fingerprints.of(request));
    }
    if (request.expectedVersion() != null) {
      metadata.put(Metadata.EXPECTED_VERSION, request.expectedVersion());
    }
    return metadata;
  }

  private static RuntimeException failure(Throwable failure) {
    if (StoreRefusal.of(failure).filter(StoreRefusal.BUSY::equals).isPresent()) {
      return Refusals.storeBusy();
    }
    return switch (failure) {
      case TimeoutException _, NoHandlerForCommandException _, ConcurrencyException _ ->
          Refusals.storeBusy();
      case RuntimeException unchecked -> unchecked;
      default -> new IllegalStateException(failure);
    };
  }

  /** What the client is told. The reason travels as the exception's details, between nodes too. */
  private static RuntimeException told(CommandExecutionException failed) {
    return switch (failed.getDetails().orElse(null)) {
      case Rejection reason -> Refusals.problem(reason);
      // The answer was forgotten since: next time the key is for a new request.
      case StoreRefusal refusal when refusal == StoreRefusal.ANSWERED_BEFORE ->
          Refusals.storeBusy();
      case null, default -> failed;
    };
  }

  /** An answer to a request of several commands. */
  interface Composite {
    /** Whether asking again could not lead to more. */
    boolean settled();
  }

  /** Several commands, and what came of them. */
  interface Work<A> {
    Outcome<A> run();
  }
}
