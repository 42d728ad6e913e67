package io.kontor.command.http;

import io.kontor.api.Rejection;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;

/** Maps rejections to HTTP problems. */
public final class RejectionProblems {
  private RejectionProblems() {}

  public static ProblemException problem(Rejection rejection) {
    return switch (rejection.kind()) {
      case INVALID -> invalid(rejection.detail());
      case BUSINESS_RULE, CONFLICT, UNKNOWN, VERSION_MISMATCH ->
          new ProblemException(ProblemType.ofSlug(rejection.slug()), rejection.detail());
    };
  }

  static ProblemException storeBusy() {
    return ProblemException.tryAgain(
        ProblemType.STORE_BUSY, "the event store cannot take more right now; try again");
  }

  private static ProblemException invalid(String detail) {
    String[] parts = detail.split(": ", 2);
    return ProblemException.invalid("/" + parts[0], parts[1]);
  }
}
