package io.kontor.cluster.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** What nodes know each other by. */
public final class ClusterSecret {
  /** The property; without it a node keeps to itself. */
  public static final String PROPERTY = "kontor.cluster.secret";

  /** The request header that carries it. It is no token, and no token is it. */
  static final String HEADER = "Kontor-Cluster-Secret";

  private static final int SHORTEST = 32;

  private final byte[] secret;

  private ClusterSecret(String secret) {
    this.secret = secret.getBytes(UTF_8);
  }

  /**
   * The configured secret; null when there is none.
   *
   * @throws IllegalArgumentException when it is too short, with one line that says so
   */
  public static @Nullable ClusterSecret of(Environment environment) {
    String secret = environment.getProperty(PROPERTY);
    if (secret == null) {
      return null;
    }
    if (secret.length() < SHORTEST) {
      throw new IllegalArgumentException(
          ("KONTOR_CLUSTER_SECRET has less than %d characters: give all nodes the same long one"
                  + " (openssl rand -base64 32), or leave it out where there is one node")
              .formatted(SHORTEST));
    }
    return new ClusterSecret(secret);
  }

  /** Whether the request carries it; the comparison takes as long whatever it carries. */
  public boolean isIn(HttpServletRequest request) {
    String presented = request.getHeader(HEADER);
    return presented != null && MessageDigest.isEqual(secret, presented.getBytes(UTF_8));
  }

  String value() {
    return new String(secret, UTF_8);
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return PROPERTY;
  }
}
