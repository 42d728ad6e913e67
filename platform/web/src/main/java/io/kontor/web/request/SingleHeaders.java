package io.kontor.web.request;

import io.kontor.web.correlation.CorrelationFilter;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.SecurityProblemHandler;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Enumeration;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Rejects a request that repeats a single-valued header. Using the first value would bypass a proxy
 * that checks the last one.
 */
@Order(CorrelationFilter.AFTER_THE_SPAN + 1)
public final class SingleHeaders extends OncePerRequestFilter {
  private static final List<String> SINGLE =
      List.of(
          HttpHeaders.AUTHORIZATION,
          HttpHeaders.CONTENT_TYPE,
          HttpHeaders.IF_MATCH,
          KontorHeaders.IDEMPOTENCY_KEY,
          KontorHeaders.MIN_POSITION,
          KontorHeaders.CELL);

  private final SecurityProblemHandler answers;

  SingleHeaders(SecurityProblemHandler answers) {
    this.answers = answers;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    for (String name : SINGLE) {
      if (isRepeated(request.getHeaders(name))) {
        answers.write(ProblemException.invalid(name, "must be given once"), request, response);
        return;
      }
    }
    chain.doFilter(request, response);
  }

  private static boolean isRepeated(Enumeration<String> values) {
    if (values.hasMoreElements()) {
      values.nextElement();
    }
    return values.hasMoreElements();
  }
}
