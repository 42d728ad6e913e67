package io.kontor.command.http;

import io.kontor.api.Rejection;
import io.kontor.web.problem.ProblemException;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Maps rejections to HTTP problems. */
public final class RejectionProblems {
  private RejectionProblems() {}

  public static ProblemException problem(Rejection rejection) {
    return switch (rejection.kind()) {
      case BUSINESS_RULE -> problem(HttpStatus.UNPROCESSABLE_CONTENT, rejection);
      case INVALID -> invalid(rejection.detail());
      case CONFLICT -> problem(HttpStatus.CONFLICT, rejection);
      case VERSION_MISMATCH -> problem(HttpStatus.PRECONDITION_FAILED, rejection);
      case UNKNOWN -> ProblemException.notFound(rejection.detail());
    };
  }

  static ProblemException storeBusy() {
    return ProblemException.tryAgain(
        "store-busy", "Store busy", "the event store cannot take more right now; try again");
  }

  private static ProblemException problem(HttpStatus status, Rejection rejection) {
    return new ProblemException(
        status, rejection.slug(), title(rejection.slug()), rejection.detail());
  }

  private static ProblemException invalid(String detail) {
    String[] parts = detail.split(": ", 2);
    return ProblemException.invalid("/" + parts[0], parts[1]);
  }

  private static String title(String slug) {
    return slug.substring(0, 1).toUpperCase(Locale.ROOT) + slug.substring(1).replace('-', ' ');
  }
}
