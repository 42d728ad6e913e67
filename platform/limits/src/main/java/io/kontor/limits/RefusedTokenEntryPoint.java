package io.kontor.limits;

import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.SecurityProblemHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Answers a request whose token is refused, and counts it like one without a token. Where a token
 * can't be verified now, the failure's cause is the answer.
 */
public final class RefusedTokenEntryPoint implements AuthenticationEntryPoint {
  private final RateLimits limits;
  private final SecurityProblemHandler problems;

  public RefusedTokenEntryPoint(RateLimits limits, SecurityProblemHandler problems) {
    this.limits = limits;
    this.problems = problems;
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    if (failure.getCause() instanceof ProblemException notVerified) {
      problems.write(notVerified, request, response);
      return;
    }
    try {
      limits.admit(request.getRemoteAddr());
    } catch (ProblemException refused) {
      problems.write(refused, request, response);
      return;
    }
    problems.commence(request, response, failure);
  }
}
