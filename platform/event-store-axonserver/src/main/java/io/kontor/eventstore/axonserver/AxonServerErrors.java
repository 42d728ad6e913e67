package io.kontor.eventstore.axonserver;

import io.axoniq.axonserver.connector.AxonServerException;
import io.axoniq.axonserver.connector.ErrorCategory;
import io.grpc.Metadata;
import io.grpc.Status;
import io.kontor.eventstore.event.StoreBusyException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.modelling.command.ConcurrencyException;

/** Translates the connector's failures. */
final class AxonServerErrors {
  private static final Metadata.Key<String> CODE =
      Metadata.Key.of("AxonIQ-ErrorCode", Metadata.ASCII_STRING_MARSHALLER);

  private AxonServerErrors() {}

  /**
   * A conflict when another writer has appended to a stream; a failure when Axon Server rejects the
   * events themselves. In all other cases it is unknown whether they are stored, and the store
   * counts as busy.
   */
  static RuntimeException of(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (category(cause)) {
      case INVALID_EVENT_SEQUENCE, CONCURRENCY_EXCEPTION ->
          new ConcurrencyException("another node has written to the stream", cause);
      case EVENT_PAYLOAD_TOO_LARGE, GRPC_MESSAGE_TOO_LARGE, VALIDATION_FAILED ->
          new EventStoreException("Axon Server refuses an event", cause);
      default -> new StoreBusyException("Axon Server does not answer: " + cause.getMessage());
    };
  }

  /** Axon Server sends its own code in the trailers of the call. */
  private static ErrorCategory category(Throwable cause) {
    if (cause instanceof AxonServerException serverError) {
      return serverError.getErrorCategory();
    }
    Metadata trailers = Status.trailersFromThrowable(cause);
    String code = trailers == null ? null : trailers.get(CODE);
    return code == null ? ErrorCategory.OTHER : ErrorCategory.getFromCode(code);
  }
}
