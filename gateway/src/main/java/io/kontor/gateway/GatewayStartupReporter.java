package io.kontor.gateway;

import static java.util.stream.Collectors.joining;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.validation.FieldError;

/** Prints a failed start that an operator can mend as one line. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class GatewayStartupReporter implements SpringBootExceptionReporter {
  @Override
  public boolean reportException(Throwable failure) {
    Optional<String> line = line(failure);
    line.ifPresent(text -> System.err.println("kontor: " + text.replaceAll("\\R", " ")));
    return line.isPresent();
  }

  /** Whether the failure is one that is reported here. */
  static boolean isExpected(Throwable failure) {
    return line(failure).isPresent();
  }

  private static Optional<String> line(Throwable failure) {
    return Stream.of(
            InvalidConfigurationPropertyValueException.class,
            BindValidationException.class,
            BindException.class,
            PortInUseException.class)
        .flatMap(type -> causes(failure).filter(type::isInstance))
        .map(GatewayStartupReporter::describe)
        .findFirst();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }

  private static String describe(Throwable cause) {
    return switch (cause) {
      case InvalidConfigurationPropertyValueException invalid ->
          line(invalid.getName(), invalid.getValue(), String.valueOf(invalid.getReason()));
      case BindValidationException invalid ->
          invalid.getValidationErrors().getAllErrors().stream()
              .map(
                  error ->
                      error instanceof FieldError field
                          ? line(
                              invalid.getValidationErrors().getName() + "." + field.getField(),
                              field.getRejectedValue(),
                              String.valueOf(field.getDefaultMessage()))
                          : String.valueOf(error.getDefaultMessage()))
              .sorted()
              .collect(joining("; "));
      case BindException failed ->
          line(
              failed.getName().toString(),
              failed.getProperty() == null ? null : failed.getProperty().getValue(),
              "must be of type " + failed.getTarget().getType());
      case PortInUseException taken ->
          "port %d is in use: choose another with SERVER_PORT".formatted(taken.getPort());
      default -> String.valueOf(cause.getMessage());
    };
  }

  private static String line(String name, @Nullable Object value, String reason) {
    return value == null
        ? "%s is not set: %s".formatted(name, reason)
        : "%s is '%s': %s".formatted(name, value, reason);
  }
}
