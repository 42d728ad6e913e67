package io.kontor.cluster.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/** The shared secret with which nodes authenticate each other. */
public final class ClusterSecret {
  /** The property; without it, clustering is off. */
  public static final String PROPERTY = "kontor.cluster.secret";

  /** The request header of the secret, which is separate from bearer tokens. */
  static final String HEADER = "Kontor-Cluster-Secret";

  private static final int SHORTEST = 32;

  private final byte[] secret;

  private ClusterSecret(String secret) {
    this.secret = secret.getBytes(UTF_8);
  }

  /**
   * The configured secret; null when there is none.
   *
   * @throws InvalidConfigurationPropertyValueException when it is too short, without the secret
   */
  public static @Nullable ClusterSecret of(Environment environment) {
    String secret = environment.getProperty(PROPERTY);
    if (secret == null) {
      return null;
    }
    if (secret.length() < SHORTEST) {
      throw new InvalidConfigurationPropertyValueException(
          PROPERTY,
          "******",
          ("must have at least %d characters, the same on all nodes (openssl rand -base64 32): leave"
                  + " it out where there is one node")
              .formatted(SHORTEST));
    }
    return new ClusterSecret(secret);
  }

  /** Whether the request carries the secret, compared in constant time. */
  public boolean isIn(HttpServletRequest request) {
    String presented = request.getHeader(HEADER);
    return presented != null && MessageDigest.isEqual(secret, presented.getBytes(UTF_8));
  }

  String value() {
    return new String(secret, UTF_8);
  }

  /** Does not contain the secret. */
  @Override
  public String toString() {
    return PROPERTY;
  }
}
