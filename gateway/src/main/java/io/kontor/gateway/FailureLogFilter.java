package io.kontor.gateway;

import io.kontor.web.correlation.CorrelationFilter;
import io.kontor.web.problem.IncompleteResponseException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Writes what fails in filters, and past the handlers of problems, with the correlation id: Tomcat
 * has none. Answers that break off have a line of their own, and a client that is gone has none.
 */
@Component
@Order(CorrelationFilter.AFTER_THE_SPAN + 2)
final class FailureLogFilter extends OncePerRequestFilter {
  private static final Logger LOG = LoggerFactory.getLogger(FailureLogFilter.class);

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      chain.doFilter(request, response);
    } catch (ServletException | RuntimeException | Error failure) {
      if (!isBrokenOff(failure)) {
        LOG.error(
            "request failed method={} path={}",
            request.getMethod(),
            request.getRequestURI(),
            failure);
      }
      throw failure;
    }
  }

  private static boolean isBrokenOff(Throwable failure) {
    return failure instanceof IncompleteResponseException
        || failure.getCause() instanceof IncompleteResponseException;
  }
}
