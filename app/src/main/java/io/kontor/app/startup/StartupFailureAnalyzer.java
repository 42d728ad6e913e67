package io.kontor.app.startup;

import io.kontor.database.LocalDatabaseException;
import io.kontor.database.UnsuitableDatabaseException;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Prints a failure that an operator can fix as one line instead of a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StartupFailureAnalyzer implements SpringBootExceptionReporter {
  @Override
  public boolean reportException(Throwable failure) {
    Optional<String> why = why(failure);
    why.ifPresent(line -> System.err.println("kontor: " + line));
    return why.isPresent();
  }

  public static boolean isRefusal(Throwable failure) {
    return why(failure).isPresent();
  }

  private static Optional<String> why(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .flatMap(cause -> line(cause).stream())
        .findFirst();
  }

  private static Optional<String> line(Throwable cause) {
    return switch (cause) {
      case StartupRejectedException refused -> Optional.ofNullable(refused.getMessage());
      case UnsuitableDatabaseException unsuitable -> Optional.ofNullable(unsuitable.getMessage());
      case LocalDatabaseException local -> Optional.ofNullable(local.getMessage());
      case PortInUseException taken ->
          Optional.of(
              "port %d is in use: choose another with SERVER_PORT".formatted(taken.getPort()));
      default -> Optional.empty();
    };
  }
}
