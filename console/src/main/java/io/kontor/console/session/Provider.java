package io.kontor.console.session;

import java.net.URI;
import java.util.List;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;

/**
 * The OpenID Connect provider where people sign in, and the console's registration with it.
 *
 * @param redirectUri may have Spring's {@code {baseUrl}}
 */
public record Provider(
    URI issuer, String clientId, String clientSecret, List<String> scopes, String redirectUri) {
  /** The path that leads to the provider is {@code <SIGN_IN>/<REGISTRATION>}. */
  static final String SIGN_IN = "/console/sign-in";

  static final String REGISTRATION = "provider";

  /** Reads the provider's metadata. */
  ClientRegistration registration() {
    return ClientRegistrations.fromIssuerLocation(issuer.toString())
        .registrationId(REGISTRATION)
        .clientId(clientId)
        .clientSecret(clientSecret)
        .scope(scopes)
        .redirectUri(redirectUri)
        .build();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return issuer.toString();
  }
}
