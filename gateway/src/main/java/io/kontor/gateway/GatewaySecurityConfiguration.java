package io.kontor.gateway;

import static org.springframework.http.HttpMethod.GET;

import io.kontor.gateway.proxy.NodeProxyExchange;
import io.kontor.limits.LimitPlans;
import io.kontor.limits.LimitedTokens;
import io.kontor.limits.RateLimits;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.security.IssuerTokens;
import io.kontor.web.security.OpeningRoles;
import io.kontor.web.security.PlainTextFirewall;
import io.kontor.web.security.Role;
import io.kontor.web.security.StatelessRequests;
import io.kontor.web.security.VerifiedApiKeys;
import jakarta.servlet.DispatcherType;
import java.time.InstantSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verifies tokens and counts requests. What a caller may do is decided by the nodes, which verify
 * the same token or API key.
 */
@Configuration(proxyBeanMethods = false)
class GatewaySecurityConfiguration {
  private static final String JWK_SET_URI = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri";

  @Bean
  SecurityFilterChain security(
      HttpSecurity http,
      JwtDecoder tokens,
      VerifiedApiKeys keys,
      SecurityProblemHandler problems,
      RateLimits limits,
      GatewayProperties settings)
      throws Exception {
    if (!settings.corsOrigins().isEmpty()) {
      http.addFilter(CrossOriginRequests.filter(settings.corsOrigins(), problems));
    }
    return LimitedTokens.configure(http, tokens, keys, problems, limits)
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers("/actuator/health/**", "/error")
                    .permitAll()
                    .requestMatchers(GET, "/v3/api-docs/**", "/swagger-ui.html", "/swagger-ui/**")
                    .permitAll()
                    .requestMatchers("/actuator/**", "/gateway/**")
                    .access(OpeningRoles.of(Role.OPERATOR))
                    .anyRequest()
                    .authenticated())
        .build();
  }

  /**
   * The console's pages: who is signed in and which forms are genuine is in cookies that only nodes
   * can open. What a page asks of the API, nodes count for its person.
   */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  SecurityFilterChain consolePages(HttpSecurity http) throws Exception {
    return StatelessRequests.configure(http)
        .securityMatcher("/", "/console", "/console/**")
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  /** Off, since a span and two timers for each filter cost more than the filters. */
  @Bean
  SecurityObservationSettings noObservationOfFilters() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  StrictHttpFirewall firewall() {
    return new PlainTextFirewall();
  }

  @Bean
  VerifiedApiKeys apiKeys(
      NodeProxyExchange nodes, RouteTable routes, JsonMapper json, LimitPlans plans) {
    return new VerifiedApiKeys(new NodeApiKeys(nodes, routes, json, plans), InstantSource.system());
  }

  @Bean
  JwtDecoder issuersTokens(OAuth2ResourceServerProperties properties) {
    var jwt = properties.getJwt();
    if (jwt.getJwkSetUri() == null && jwt.getIssuerUri() == null) {
      throw new InvalidConfigurationPropertyValueException(
          JWK_SET_URI,
          null,
          "set SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI or"
              + " SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI to the issuer of tokens that"
              + " is trusted");
    }
    return IssuerTokens.decoder(jwt);
  }
}
