package io.kontor.console;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Settings of the console.
 *
 * @param secret encrypts the cookies of the console, 32 characters or more, the same on all nodes
 *     ({@code openssl rand -base64 32}). Without it there is no console; with profile {@code
 *     embedded} there is a new one at each start
 * @param api where the console calls the API; by default this node itself. Name the gateway where
 *     this node does not answer reads
 * @param secureCookies whether browsers keep the console's cookies for HTTPS only: false only where
 *     people reach it without TLS
 */
@ConfigurationProperties("kontor.console")
public record ConsoleProperties(
    @Nullable String secret,
    @Nullable URI api,
    @DefaultValue("true") boolean secureCookies,
    @DefaultValue SignIn signIn) {
  private static final int SHORTEST = 32;

  /**
   * @throws InvalidConfigurationPropertyValueException when the secret is too short, without it
   */
  public ConsoleProperties {
    if (secret != null && secret.length() < SHORTEST) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.console.secret",
          "******",
          "must have at least %d characters, the same on all nodes (openssl rand -base64 32)"
              .formatted(SHORTEST));
    }
  }

  /**
   * The OpenID Connect provider where people sign in. Its access tokens are the tokens of the API.
   *
   * @param issuer the provider's issuer URL, from whose metadata the rest is read at the first
   *     sign-in; without it people can't sign in, except with profile {@code embedded}
   * @param clientId the console's client id at the provider
   * @param clientSecret the console's secret at the provider
   * @param scopes what the console asks the provider for
   * @param redirectUri where the provider sends people back to; by default the address of the
   *     request with the path {@code /console/signed-in}, as the provider has to allow it
   */
  public record SignIn(
      @Nullable URI issuer,
      @DefaultValue("kontor-console") String clientId,
      @Nullable String clientSecret,
      @DefaultValue("openid") List<String> scopes,
      @DefaultValue("{baseUrl}/console/signed-in") String redirectUri) {
    /**
     * @throws InvalidConfigurationPropertyValueException when an issuer has no client secret, or
     *     the scopes leave out {@code openid}
     */
    public SignIn {
      if (issuer != null && (clientSecret == null || clientSecret.isBlank())) {
        throw new InvalidConfigurationPropertyValueException(
            "kontor.console.sign-in.client-secret", null, "is required with an issuer");
      }
      if (!scopes.contains("openid")) {
        throw new InvalidConfigurationPropertyValueException(
            "kontor.console.sign-in.scopes", scopes, "must contain openid");
      }
      scopes = List.copyOf(scopes);
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "kontor.console.sign-in";
    }
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "kontor.console";
  }
}
