package io.kontor.web.problem;

import io.kontor.web.problem.ProblemException.FieldError;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Describes JSON binding errors for clients: what is wrong, and where. */
public final class JsonBindingErrors {
  /**
   * How a constructor's message names the rejected component: {@code amount: must be more than
   * zero}.
   */
  private static final Pattern NAMED = Pattern.compile("([a-z][A-Za-z0-9]*): (.+)", Pattern.DOTALL);

  private JsonBindingErrors() {}

  /** The problem (400) of a body that could not be read. */
  public static ProblemException problem(JacksonException failure) {
    return ProblemException.invalid(List.of(of(failure)));
  }

  static FieldError of(JacksonException failure) {
    String pointer = pointer(failure.getPath());
    return switch (failure) {
      case StreamReadException notJson ->
          new FieldError(pointer, "the body is not valid JSON: " + notJson.getOriginalMessage());
      case StreamConstraintsException _ ->
          new FieldError(pointer, "is longer or deeper than anything that is meant");
      case UnrecognizedPropertyException _ -> new FieldError(pointer, "is not known");
      case InvalidNullException _ -> new FieldError(pointer, "must not be null");
      case MismatchedInputException missing when isMissing(missing) ->
          new FieldError(pointer, "is required");
      case MismatchedInputException mismatch ->
          new FieldError(pointer, "must be " + expected(mismatch.getTargetType()));
      default -> rejectedByConstructor(pointer, failure);
    };
  }

  static FieldError of(IllegalArgumentException rejection, String pointer) {
    String message = String.valueOf(rejection.getMessage());
    Matcher named = NAMED.matcher(message);
    return named.matches()
        ? new FieldError(pointer + "/" + named.group(1), named.group(2))
        : new FieldError(pointer, message);
  }

  private static FieldError rejectedByConstructor(String pointer, JacksonException failure) {
    return failure.getCause() instanceof IllegalArgumentException rejection
        ? of(rejection, pointer)
        : new FieldError(pointer, "is not valid");
  }

  private static boolean isMissing(MismatchedInputException failure) {
    return failure.getOriginalMessage().startsWith("Missing required creator property");
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + List.of(type.getEnumConstants());
    }
    if (type == String.class) {
      return "a string";
    }
    if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
      return "an array";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "a number";
    }
    return type.isRecord() ? "an object" : "a valid " + type.getSimpleName();
  }

  private static String pointer(List<Reference> path) {
    var pointer = new StringBuilder();
    for (Reference step : path) {
      String name = step.getPropertyName();
      pointer.append('/').append(name == null ? Integer.toString(step.getIndex()) : escaped(name));
    }
    return pointer.toString();
  }

  /** Escapes as in RFC 6901. */
  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
