package io.kontor.web.correlation;

import io.kontor.web.header.KontorHeaders;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Binds the correlation context inside the request's span and outside all else, and returns the
 * correlation id with every response.
 */
@Order(CorrelationFilter.AFTER_THE_SPAN)
public final class CorrelationFilter extends OncePerRequestFilter {
  /** Spring's filter for request observations has the second place. */
  public static final int AFTER_THE_SPAN = Ordered.HIGHEST_PRECEDENCE + 2;

  private static final String TRACE_PARENT = "traceparent";
  private static final String ATTRIBUTE = CorrelationContext.class.getName();

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    CorrelationContext correlation = of(request);
    response.setHeader(KontorHeaders.CORRELATION_ID, correlation.id());
    response.setHeader(TRACE_PARENT, correlation.parent());
    try (var _ = MDC.putCloseable("correlation", correlation.id())) {
      ScopedFilterChain.filter(
          rest -> ScopedValue.where(CorrelationContext.CURRENT, correlation).call(rest),
          request,
          response,
          chain);
    }
  }

  private static CorrelationContext of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof CorrelationContext begun) {
      return begun;
    }
    SpanContext span = Span.current().getSpanContext();
    String id = request.getHeader(KontorHeaders.CORRELATION_ID);
    CorrelationContext correlation =
        span.isValid()
            ? CorrelationContext.within(span, id)
            : CorrelationContext.continuing(id, request.getHeader(TRACE_PARENT));
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
