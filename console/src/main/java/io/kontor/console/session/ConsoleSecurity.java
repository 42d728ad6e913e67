package io.kontor.console.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.session.DisableEncodeUrlFilter;
import org.springframework.web.filter.CharacterEncodingFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The filters of the console's pages. They only decide who is signed in: what a person may see and
 * do is decided by the API.
 */
public final class ConsoleSecurity {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleSecurity.class);

  /** Nothing inline, and nothing from elsewhere. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /** Set by htmx, which replaces a part of a page. */
  private static final String PARTIAL = "HX-Request";

  private final SealedCookies cookies;
  private final ConsoleSession session;
  private final @Nullable Provider provider;
  private final JsonMapper json;

  /**
   * @param provider null where only trial people sign in
   */
  public ConsoleSecurity(
      SealedCookies cookies, ConsoleSession session, @Nullable Provider provider, JsonMapper json) {
    this.cookies = cookies;
    this.session = session;
    this.provider = provider;
    this.json = json;
  }

  public SecurityFilterChain chain(HttpSecurity http) throws Exception {
    http.securityMatcher("/", "/console", "/console/**")
        .securityContext(
            context ->
                context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
        .sessionManagement(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens()))
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY_POLICY))
                    .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)))
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.FORWARD, DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers("/console/assets/*", "/console/sign-in", "/console/sign-out")
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .exceptionHandling(
            handling ->
                handling
                    .authenticationEntryPoint((request, response, _) -> signIn(request, response))
                    .accessDeniedHandler(
                        (request, response, _) ->
                            request
                                .getRequestDispatcher("/console/refused")
                                .forward(request, response)))
        // A form's text is UTF-8; Tomcat would read it as ISO 8859-1.
        .addFilterBefore(new CharacterEncodingFilter(UTF_8.name()), DisableEncodeUrlFilter.class)
        .addFilterBefore(new SessionFilter(session), CsrfFilter.class);
    if (provider != null) {
      signInAt(provider, http);
    }
    return http.build();
  }

  private CookieCsrfTokenRepository csrfTokens() {
    var tokens = new CookieCsrfTokenRepository();
    tokens.setCookieName(cookies.name("csrf"));
    tokens.setCookiePath("/");
    tokens.setCookieCustomizer(
        cookie -> cookie.httpOnly(true).secure(cookies.areSecure()).sameSite("Lax"));
    return tokens;
  }

  private void signInAt(Provider provider, HttpSecurity http) throws Exception {
    // Read with the first sign-in, since the provider may start after us.
    var registrations =
        new SupplierClientRegistrationRepository(
            () -> new InMemoryClientRegistrationRepository(provider.registration()));
    http.oauth2Login(
        login ->
            login
                .clientRegistrationRepository(registrations)
                .authorizedClientRepository(new RequestScopedClients())
                .loginPage(Provider.SIGN_IN)
                .authorizationEndpoint(
                    endpoint ->
                        endpoint
                            .baseUri(Provider.SIGN_IN)
                            .authorizationRequestRepository(new PendingSignIns(cookies, json)))
                .redirectionEndpoint(endpoint -> endpoint.baseUri("/console/signed-in"))
                .successHandler((request, response, _) -> signedIn(request, response))
                .failureHandler(
                    (_, response, failure) -> notSignedIn(response, failure.toString())));
  }

  /** The provider's access token becomes the session. */
  private void signedIn(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      session.begin(response, RequestScopedClients.accessToken(request));
    } catch (JwtException | IllegalArgumentException unusable) {
      notSignedIn(response, unusable.toString());
      return;
    }
    response.sendRedirect(PendingSignIns.target(request));
  }

  private static void notSignedIn(HttpServletResponse response, String cause) throws IOException {
    LOG.warn("sign-in failed cause={}", cause);
    response.sendRedirect(Provider.SIGN_IN + "?failed=true");
  }

  /** A page that is replaced in part leads to the sign-in as a whole. */
  private static void signIn(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getHeader(PARTIAL) != null) {
      response.setHeader("HX-Redirect", Provider.SIGN_IN);
      response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
      return;
    }
    boolean isPage = HttpMethod.GET.matches(request.getMethod());
    String target = isPage ? LocalTarget.of(request) : LocalTarget.of((String) null);
    response.sendRedirect(
        Provider.SIGN_IN + "?" + LocalTarget.PARAMETER + "=" + URLEncoder.encode(target, UTF_8));
  }
}
