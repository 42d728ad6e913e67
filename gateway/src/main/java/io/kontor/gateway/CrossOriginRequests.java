package io.kontor.gateway;

import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.problem.SecurityProblemHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/**
 * What pages of other origins may do (CORS): call the API with a token, and read the headers of its
 * answers. Cookies are not sent along.
 */
final class CrossOriginRequests {
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private CrossOriginRequests() {}

  /**
   * @param origins such as {@code https://app.example}, at least one
   */
  static CorsFilter filter(List<String> origins, SecurityProblemHandler problems) {
    var allowed = new CorsConfiguration();
    allowed.setAllowedOrigins(origins);
    allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "DELETE"));
    // Those that the API does not know reach no node.
    allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
    allowed.setExposedHeaders(
        List.of(
            HttpHeaders.ETAG,
            HttpHeaders.LOCATION,
            HttpHeaders.RETRY_AFTER,
            HttpHeaders.CONTENT_DISPOSITION,
            KontorHeaders.POSITION,
            KontorHeaders.IDEMPOTENT_REPLAYED,
            KontorHeaders.CORRELATION_ID,
            KontorHeaders.RATE_LIMIT,
            KontorHeaders.RATE_LIMIT_POLICY));
    allowed.setMaxAge(REMEMBERED);
    var source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/**", allowed);
    var filter = new CorsFilter(source);
    filter.setCorsProcessor(new ProblemCorsProcessor(problems));
    return filter;
  }

  /** Answers what is not allowed with a problem. */
  private static final class ProblemCorsProcessor extends DefaultCorsProcessor {
    private final SecurityProblemHandler problems;

    ProblemCorsProcessor(SecurityProblemHandler problems) {
      this.problems = problems;
    }

    @Override
    public boolean processRequest(
        @Nullable CorsConfiguration allowed,
        HttpServletRequest request,
        HttpServletResponse response)
        throws IOException {
      boolean isAllowed = super.processRequest(allowed, request, response);
      if (!isAllowed) {
        problems.write(
            new ProblemException(
                ProblemType.FORBIDDEN, "pages of this origin may not make this request"),
            request,
            response);
      }
      return isAllowed;
    }

    @Override
    protected void rejectRequest(ServerHttpResponse response) {
      // answered by the caller, which has the request
    }
  }
}
