package io.kontor.app.security;

import static org.springframework.security.config.Customizer.withDefaults;

import io.kontor.cluster.ConditionalOnCluster;
import io.kontor.cluster.routing.ClusterSecret;
import io.kontor.console.page.CallRules;
import io.kontor.limits.LimitedTokens;
import io.kontor.limits.RateLimits;
import io.kontor.tenancy.registry.TenantRegistry;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.security.IssuerTokens;
import io.kontor.web.security.PlainTextFirewall;
import io.kontor.web.security.StatelessRequests;
import io.kontor.web.security.TenantFilter;
import io.kontor.web.security.VerifiedApiKeys;
import jakarta.servlet.DispatcherType;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** The filters that authorize calls, and the trusted token issuers. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  @Bean
  SecurityFilterChain security(
      HttpSecurity http,
      JwtDecoder tokens,
      VerifiedApiKeys keys,
      SecurityProblemHandler problems,
      RateLimits limits,
      TenantRegistry tenants)
      throws Exception {
    return LimitedTokens.configure(http, tokens, keys, problems, limits)
        // The health endpoint asks the request for its caller's role.
        .servletApi(withDefaults())
        .authorizeHttpRequests(
            requests -> {
              requests.dispatcherTypeMatchers(DispatcherType.ERROR).permitAll();
              AccessRules.authorize(requests);
            })
        .addFilterAfter(
            new TenantFilter(tenants::isRegistered, problems), AuthorizationFilter.class)
        .build();
  }

  /**
   * Calls between nodes: they carry the cluster secret and no token; all other calls are denied.
   */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  @ConditionalOnCluster
  SecurityFilterChain betweenNodes(
      HttpSecurity http, ClusterSecret secret, SecurityProblemHandler problems) throws Exception {
    return StatelessRequests.configure(http)
        .securityMatcher("/internal/**")
        .authorizeHttpRequests(
            requests ->
                requests
                    .anyRequest()
                    .access(
                        (caller, at) -> new AuthorizationDecision(secret.isIn(at.getRequest()))))
        .exceptionHandling(
            handling ->
                handling
                    .authenticationEntryPoint(
                        (request, response, failure) ->
                            problems.handle(request, response, new AccessDeniedException("")))
                    .accessDeniedHandler(problems))
        .build();
  }

  /** Pages of the console offer what this table permits. */
  @Bean
  CallRules callRules() {
    return new CallRules(AccessRules::opening);
  }

  /**
   * Off, since a span and two timers for each filter of each request cost more than the filters.
   */
  @Bean
  SecurityObservationSettings noObservationOfFilters() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  StrictHttpFirewall firewall() {
    return new PlainTextFirewall();
  }

  @Bean
  @Profile("!embedded")
  JwtDecoder issuersTokens(OAuth2ResourceServerProperties properties) {
    return IssuerTokens.decoder(properties.getJwt());
  }
}
