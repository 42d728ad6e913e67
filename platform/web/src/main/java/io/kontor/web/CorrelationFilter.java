package io.kontor.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.filter.OncePerRequestFilter;

/** Binds the correlation around everything else, and answers it, whatever the answer is. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class CorrelationFilter extends OncePerRequestFilter {
  private static final String TRACE_PARENT = "traceparent";
  private static final String ATTRIBUTE = Correlation.class.getName();

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Correlation correlation = of(request);
    response.setHeader(Headers.CORRELATION_ID, correlation.id());
    response.setHeader(TRACE_PARENT, correlation.parent());
    try (var _ = MDC.putCloseable("correlation", correlation.id())) {
      Scopes.filter(
          rest -> ScopedValue.where(Correlation.CURRENT, correlation).call(rest),
          request,
          response,
          chain);
    }
  }

  private static Correlation of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Correlation begun) {
      return begun;
    }
    var correlation =
        Correlation.continuing(
            request.getHeader(Headers.CORRELATION_ID), request.getHeader(TRACE_PARENT));
    request.setAttribute(ATTRIBUTE, correlation);
    return correlation;
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false;
  }
}
