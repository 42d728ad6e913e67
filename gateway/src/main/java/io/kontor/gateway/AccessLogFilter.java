package io.kontor.gateway;

import io.kontor.gateway.proxy.Exchanged;
import io.kontor.web.correlation.CorrelationFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Writes a line for each request. Of its path it has the first two parts: those behind them, and
 * queries, can have ids and names of people in them. Tokens and subjects are in none.
 */
@Component
@ConditionalOnProperty("kontor.gateway.access-log")
@Order(CorrelationFilter.AFTER_THE_SPAN + 1)
final class AccessLogFilter extends OncePerRequestFilter {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLogFilter.class);
  private static final Pattern CALL = Pattern.compile("(/[a-z0-9.-]{1,30}){1,2}");
  private static final String HEALTH = "/actuator/health";

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    long begun = System.nanoTime();
    boolean isComplete = false;
    try {
      chain.doFilter(request, response);
      isComplete = true;
    } finally {
      write(request, isComplete ? response.getStatus() : 0, System.nanoTime() - begun);
    }
  }

  private static void write(HttpServletRequest request, int status, long nanos) {
    Exchanged exchanged = Exchanged.of(request);
    LOG.info(
        "request method={} call={} status={} ms={} tenant={} node={} address={}",
        request.getMethod(),
        call(request.getRequestURI()),
        status == 0 ? "broken-off" : status,
        nanos / 1_000_000,
        exchanged == null ? "-" : Objects.requireNonNullElse(exchanged.tenant(), "-"),
        exchanged == null ? "-" : Objects.requireNonNullElse(exchanged.node(), "-"),
        request.getRemoteAddr());
  }

  private static String call(String path) {
    Matcher call = CALL.matcher(path);
    return call.lookingAt() ? call.group() : "-";
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getRequestURI().startsWith(HEALTH);
  }
}
