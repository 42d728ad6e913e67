package io.kontor.console.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The API answered with a problem, or did not answer. */
public final class ApiProblemException extends RuntimeException {
  private static final String TYPES = "https://kontor.example/problems/";

  private final transient Problem problem;
  private final int status;

  /**
   * A problem as the API answers it.
   *
   * @param errors the invalid values of the request
   */
  record Problem(
      @Nullable String type, @Nullable String detail, @Nullable List<InvalidValue> errors) {}

  /** An invalid value of the request. */
  public record InvalidValue(String pointer, String detail) {}

  ApiProblemException(int status, Problem problem) {
    super("%d %s: %s".formatted(status, problem.type(), problem.detail()));
    this.status = status;
    this.problem = problem;
  }

  /** The API gave no answer. */
  static ApiProblemException noAnswer(String slug, String detail) {
    return new ApiProblemException(503, new Problem(TYPES + slug, detail, null));
  }

  public int status() {
    return status;
  }

  /** The stable end of the problem's type, such as {@code insufficient-funds}. */
  public String slug() {
    String type = problem.type();
    return type == null || !type.startsWith(TYPES)
        ? "internal-error"
        : type.substring(TYPES.length());
  }

  /** What the API says of it, in English. */
  public String detail() {
    String detail = problem.detail();
    return detail == null ? "" : detail;
  }

  public List<InvalidValue> errors() {
    List<InvalidValue> errors = problem.errors();
    return errors == null ? List.of() : errors;
  }
}
