package io.kontor.limits;

import static org.springframework.security.config.Customizer.withDefaults;

import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.security.HeaderBearerTokenResolver;
import io.kontor.web.security.StatelessRequests;
import io.kontor.web.security.VerifiedApiKeys;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/** Requests with bearer tokens or API keys, verified first and then counted. */
public final class LimitedTokens {
  private LimitedTokens() {}

  /** Verifies tokens and keys, limits requests, and answers what is refused with problems. */
  public static HttpSecurity configure(
      HttpSecurity http,
      JwtDecoder tokens,
      VerifiedApiKeys keys,
      SecurityProblemHandler problems,
      RateLimits limits)
      throws Exception {
    return StatelessRequests.configure(http)
        .oauth2ResourceServer(
            server ->
                server
                    .bearerTokenResolver(new HeaderBearerTokenResolver())
                    .authenticationManagerResolver(new CallerAuthentication(tokens, keys, limits))
                    .authenticationEntryPoint(new RefusedTokenEntryPoint(limits, problems))
                    .accessDeniedHandler(problems))
        .exceptionHandling(
            handling -> handling.authenticationEntryPoint(problems).accessDeniedHandler(problems))
        .addFilterBefore(new RateLimitFilter(limits, problems), AuthorizationFilter.class)
        .headers(withDefaults());
  }
}
