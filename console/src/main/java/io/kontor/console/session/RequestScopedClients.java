package io.kontor.console.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;

/** Hands the provider's tokens to the end of the same request. No node keeps them. */
final class RequestScopedClients implements OAuth2AuthorizedClientRepository {
  private static final String ATTRIBUTE = RequestScopedClients.class.getName();

  /** The access token that the provider issued in this request. */
  static String accessToken(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof OAuth2AuthorizedClient client) {
      return client.getAccessToken().getTokenValue();
    }
    throw new IllegalStateException("no sign-in ends in this request");
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
      String registration, Authentication principal, HttpServletRequest request) {
    return (T) request.getAttribute(ATTRIBUTE);
  }

  @Override
  public void saveAuthorizedClient(
      OAuth2AuthorizedClient client,
      Authentication principal,
      HttpServletRequest request,
      HttpServletResponse response) {
    request.setAttribute(ATTRIBUTE, client);
  }

  @Override
  public void removeAuthorizedClient(
      String registration,
      Authentication principal,
      HttpServletRequest request,
      HttpServletResponse response) {
    request.removeAttribute(ATTRIBUTE);
  }
}
