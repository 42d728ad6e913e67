package io.kontor.app.security;

import static org.springframework.security.config.Customizer.withDefaults;

import io.kontor.cluster.ConditionalOnCluster;
import io.kontor.cluster.routing.ClusterSecret;
import io.kontor.tenancy.registry.TenantRegistry;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.security.CachingJwtDecoder;
import io.kontor.web.security.HeaderBearerTokenResolver;
import io.kontor.web.security.TenantFilter;
import io.kontor.web.security.TokenClaims;
import jakarta.servlet.DispatcherType;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** The filters that authorize calls, and the trusted token issuers. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  @Bean
  SecurityFilterChain security(
      HttpSecurity http, SecurityProblemHandler problems, TenantRegistry tenants) throws Exception {
    return http.authorizeHttpRequests(
            requests -> {
              requests.dispatcherTypeMatchers(DispatcherType.ERROR).permitAll();
              AccessRules.authorize(requests);
            })
        .oauth2ResourceServer(
            server ->
                server
                    .bearerTokenResolver(new HeaderBearerTokenResolver())
                    .jwt(jwt -> jwt.jwtAuthenticationConverter(TokenClaims.authentication()))
                    .authenticationEntryPoint(problems)
                    .accessDeniedHandler(problems))
        .exceptionHandling(
            handling -> handling.authenticationEntryPoint(problems).accessDeniedHandler(problems))
        .addFilterAfter(
            new TenantFilter(tenants::isRegistered, problems), AuthorizationFilter.class)
        .securityContext(
            context ->
                context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
        .sessionManagement(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .headers(withDefaults())
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
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
    return http.securityMatcher("/internal/**")
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
        .securityContext(
            context ->
                context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
        .sessionManagement(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .build();
  }

  /**
   * Off, since a span and two timers for each filter of each request cost more than the filters.
   */
  @Bean
  SecurityObservationSettings noObservationOfFilters() {
    return SecurityObservationSettings.noObservations();
  }

  /** As strict as the default, without its regular expression for each header of each request. */
  @Bean
  StrictHttpFirewall firewall() {
    var firewall = new StrictHttpFirewall();
    firewall.setAllowedHeaderNames(SecurityConfiguration::isPlainText);
    firewall.setAllowedHeaderValues(SecurityConfiguration::isPlainText);
    return firewall;
  }

  private static boolean isPlainText(String header) {
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c < ' ' || c > '~') {
        return isPlainText(header.codePoints());
      }
    }
    return true;
  }

  private static boolean isPlainText(IntStream characters) {
    return characters.allMatch(c -> Character.isDefined(c) && !Character.isISOControl(c));
  }

  @Bean
  @Profile("!embedded")
  JwtDecoder issuersTokens(OAuth2ResourceServerProperties properties) {
    var jwt = properties.getJwt();
    // The issuer's keys are fetched with the first token, since the issuer may start after us.
    return new CachingJwtDecoder(
        new SupplierJwtDecoder(
            () -> {
              NimbusJwtDecoder decoder =
                  (jwt.getJwkSetUri() == null
                          ? NimbusJwtDecoder.withIssuerLocation(jwt.getIssuerUri())
                          : NimbusJwtDecoder.withJwkSetUri(jwt.getJwkSetUri()))
                      .jwsAlgorithms(
                          allowed ->
                              jwt.getJwsAlgorithms().stream()
                                  .map(SignatureAlgorithm::from)
                                  .forEach(allowed::add))
                      .build();
              decoder.setJwtValidator(validator(jwt.getIssuerUri(), jwt.getAudiences()));
              return decoder;
            }));
  }

  private static OAuth2TokenValidator<Jwt> validator(
      @Nullable String issuer, @Nullable List<String> audiences) {
    Stream.Builder<OAuth2TokenValidator<Jwt>> validators = Stream.builder();
    validators.add(new JwtTimestampValidator()).add(TokenClaims.claims());
    if (issuer != null) {
      validators.add(new JwtIssuerValidator(issuer));
    }
    if (audiences != null && !audiences.isEmpty()) {
      validators.add(TokenClaims.audience(audiences));
    }
    return new DelegatingOAuth2TokenValidator<>(validators.build().toList());
  }
}
