package io.kontor.app.startup;

import static java.util.stream.Collectors.joining;

import io.kontor.database.LocalDatabaseException;
import io.kontor.database.UnsuitableDatabaseException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Describes a failure that an operator can fix in one line. A setting at fault is described as
 * {@code <property> is '<value>': <what would be right>}, without the value of a secret.
 */
public final class StartupFailureAnalyzer implements FailureAnalyzer {
  private static final Pattern SECRET =
      Pattern.compile(".*(password|secret|token|key|jaas|kontor\\.db\\.url).*");
  private static final Pattern USER_INFO = Pattern.compile("//[^/@]*@");

  /** The analysis of what an operator can fix; null for any other failure. */
  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    return descriptions(failure)
        .findFirst()
        .map(line -> new FailureAnalysis(line, null, failure))
        .orElse(null);
  }

  private static Stream<String> descriptions(Throwable failure) {
    List<Throwable> causes =
        Stream.iterate(failure, cause -> cause != null, Throwable::getCause).toList();
    // A binder wraps what is known better.
    return Stream.concat(
        causes.stream().flatMap(cause -> precise(cause).stream()),
        causes.stream().flatMap(cause -> unconvertible(cause).stream()));
  }

  private static Optional<String> precise(Throwable cause) {
    return switch (cause) {
      case StartupRejectedException rejected -> Optional.ofNullable(rejected.getMessage());
      case InvalidConfigurationPropertyValueException invalid ->
          Optional.of(
              line(invalid.getName(), invalid.getValue(), String.valueOf(invalid.getReason())));
      case BindValidationException invalid -> Optional.of(lines(invalid));
      case UnsuitableDatabaseException unsuitable -> Optional.ofNullable(unsuitable.getMessage());
      case LocalDatabaseException local -> Optional.ofNullable(local.getMessage());
      case PortInUseException taken ->
          Optional.of(
              "port %d is in use: choose another with SERVER_PORT".formatted(taken.getPort()));
      default -> Optional.empty();
    };
  }

  private static Optional<String> unconvertible(Throwable cause) {
    return cause instanceof BindException failed
        ? Optional.of(
            line(
                failed.getName().toString(),
                failed.getProperty() == null ? null : failed.getProperty().getValue(),
                "must be " + expected(failed.getTarget().getType().resolve(Object.class))))
        : Optional.empty();
  }

  private static String expected(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "Duration" -> "a duration such as 10s or 5m";
      case "DataSize" -> "a size such as 64MB";
      case "int", "long", "short" -> "a whole number";
      case "double" -> "a number";
      case "boolean" -> "true or false";
      case "URI" -> "a URL";
      case String other -> "a valid " + other;
    };
  }

  private static String lines(BindValidationException invalid) {
    ConfigurationPropertyName prefix = invalid.getValidationErrors().getName();
    Collection<ConfigurationProperty> bound = invalid.getValidationErrors().getBoundProperties();
    return invalid.getValidationErrors().getAllErrors().stream()
        .map(error -> line(prefix, error, bound))
        .sorted()
        .collect(joining("; "));
  }

  private static String line(
      ConfigurationPropertyName prefix,
      ObjectError error,
      Collection<ConfigurationProperty> bound) {
    if (!(error instanceof FieldError field)) {
      return "%s: %s".formatted(prefix, error.getDefaultMessage());
    }
    ConfigurationPropertyName name =
        prefix.append(DataObjectPropertyName.toDashedForm(field.getField()));
    Object value =
        bound.stream()
            .filter(property -> property.getName().equals(name))
            .map(ConfigurationProperty::getValue)
            .findFirst()
            .orElse(field.getRejectedValue());
    return line(name.toString(), value, String.valueOf(field.getDefaultMessage()));
  }

  private static String line(String name, @Nullable Object value, String reason) {
    String described =
        value == null
            ? "%s is not set: %s".formatted(name, reason)
            : "%s is '%s': %s".formatted(name, shown(name, value), reason);
    return described.replaceAll("\\R", " ");
  }

  private static String shown(String name, Object value) {
    return SECRET.matcher(name).matches()
        ? "******"
        : USER_INFO.matcher(value.toString()).replaceAll("//******@");
  }
}
