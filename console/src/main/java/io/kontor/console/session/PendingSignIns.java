package io.kontor.console.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sign-ins that are under way at the provider, each in a sealed cookie of the browser that began
 * it.
 */
final class PendingSignIns implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
  private static final String COOKIE = "sign-in";
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final String TARGET = PendingSignIns.class.getName();

  private final SealedCookies cookies;
  private final JsonMapper json;

  PendingSignIns(SealedCookies cookies, JsonMapper json) {
    this.cookies = cookies;
    this.json = json;
  }

  /** What the provider's answer is checked against, and the page that the person wanted. */
  private record Pending(
      String authorizationUri,
      String clientId,
      @Nullable String redirectUri,
      Set<String> scopes,
      String state,
      Map<String, Object> attributes,
      String target) {

    OAuth2AuthorizationRequest request() {
      return OAuth2AuthorizationRequest.authorizationCode()
          .authorizationUri(authorizationUri)
          .clientId(clientId)
          .redirectUri(redirectUri)
          .scopes(scopes)
          .state(state)
          .attributes(all -> all.putAll(attributes))
          .build();
    }
  }

  @Override
  public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
    Pending pending = pending(request);
    if (pending == null
        || !pending.state().equals(request.getParameter(OAuth2ParameterNames.STATE))) {
      return null;
    }
    request.setAttribute(TARGET, pending.target());
    return pending.request();
  }

  @Override
  public void saveAuthorizationRequest(
      @Nullable OAuth2AuthorizationRequest authorization,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (authorization == null) {
      cookies.forget(response, COOKIE);
      return;
    }
    var pending =
        new Pending(
            authorization.getAuthorizationUri(),
            authorization.getClientId(),
            authorization.getRedirectUri(),
            authorization.getScopes(),
            String.valueOf(authorization.getState()),
            authorization.getAttributes(),
            LocalTarget.of(request.getParameter(LocalTarget.PARAMETER)));
    cookies.write(response, COOKIE, json.writeValueAsString(pending), LIFETIME);
  }

  @Override
  public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
      HttpServletRequest request, HttpServletResponse response) {
    OAuth2AuthorizationRequest pending = loadAuthorizationRequest(request);
    if (pending != null) {
      cookies.forget(response, COOKIE);
    }
    return pending;
  }

  /** The page that the person wanted before the sign-in that the request ends. */
  static String target(HttpServletRequest request) {
    return LocalTarget.of(request.getAttribute(TARGET) instanceof String target ? target : null);
  }

  private @Nullable Pending pending(HttpServletRequest request) {
    String text = cookies.read(request, COOKIE);
    try {
      return text == null ? null : json.readValue(text, Pending.class);
    } catch (JacksonException ofAnEarlierVersion) {
      return null;
    }
  }
}
