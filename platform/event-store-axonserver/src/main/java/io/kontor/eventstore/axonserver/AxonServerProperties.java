package io.kontor.eventstore.axonserver;

import io.kontor.eventstore.EventStoreConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * The connection to Axon Server, in profile {@code axonserver}.
 *
 * @param servers initial addresses, {@code host} or {@code host:port}, separated by commas
 * @param token access token of this application; required outside profile embedded
 * @param context the context, used by Kontor only
 * @param tls whether to use TLS
 * @param certificate a file with the trusted certificates; the JDK's when null
 */
public record AxonServerProperties(
    String servers,
    @Nullable String token,
    String context,
    boolean tls,
    @Nullable Path certificate) {
  private static final String PREFIX = "kontor.axonserver.";
  private static final String ADDRESS = "[A-Za-z0-9._-]+(:[1-9][0-9]{0,4})?";
  private static final Pattern SERVERS = Pattern.compile(ADDRESS + "(," + ADDRESS + ")*");

  /** Whether Axon Server is this bank's event store. */
  public static boolean areNeeded(Environment environment) {
    return environment.acceptsProfiles(Profiles.of(EventStoreConfiguration.AXON_SERVER));
  }

  /**
   * Reads and checks the configuration.
   *
   * @throws IllegalArgumentException when something is missing or malformed
   */
  public static AxonServerProperties of(Environment environment) {
    String servers = text(environment, "servers");
    if (servers == null) {
      throw new IllegalArgumentException(
          "no Axon Server: set KONTOR_AXONSERVER_SERVERS to its address, such as"
              + " axonserver.example:8124, or start without the profile axonserver");
    }
    if (!SERVERS.matcher(servers).matches()) {
      throw new IllegalArgumentException(
          "KONTOR_AXONSERVER_SERVERS is not host:port[,host:port...]: '%s'".formatted(servers));
    }
    String token = text(environment, "token");
    if (token == null && !environment.acceptsProfiles(Profiles.of("embedded"))) {
      throw new IllegalArgumentException(
          "no token for Axon Server: set KONTOR_AXONSERVER_TOKEN, and switch on access control"
              + " there: without it anyone who reaches it reads and writes every tenant's events");
    }
    String tls = text(environment, "tls");
    if (tls != null && !tls.equals("true") && !tls.equals("false")) {
      throw new IllegalArgumentException(
          "KONTOR_AXONSERVER_TLS is true or false, not '%s'".formatted(tls));
    }
    String context = text(environment, "context");
    return new AxonServerProperties(
        servers,
        token,
        context == null ? "default" : context,
        "true".equals(tls),
        certificate(text(environment, "certificate"), "true".equals(tls)));
  }

  private static @Nullable Path certificate(@Nullable String file, boolean tls) {
    if (file == null) {
      return null;
    }
    if (!tls) {
      throw new IllegalArgumentException(
          "KONTOR_AXONSERVER_CERTIFICATE is of no use without KONTOR_AXONSERVER_TLS=true");
    }
    if (!Files.isReadable(Path.of(file))) {
      throw new IllegalArgumentException(
          "KONTOR_AXONSERVER_CERTIFICATE: there is no readable file " + file);
    }
    return Path.of(file);
  }

  private static @Nullable String text(Environment environment, String name) {
    String value = environment.getProperty(PREFIX + name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** Sets Axon's own connection properties. */
  public void applyTo(ConfigurableEnvironment environment) {
    Map<String, Object> axon = new HashMap<>();
    axon.put("axon.axonserver.servers", servers);
    axon.put("axon.axonserver.context", context);
    axon.put("axon.axonserver.ssl-enabled", tls);
    if (token != null) {
      axon.put("axon.axonserver.token", token);
    }
    if (certificate != null) {
      axon.put("axon.axonserver.cert-file", certificate.toString());
    }
    environment.getPropertySources().addFirst(new MapPropertySource("kontor.axonserver", axon));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Axon Server at %s, context %s".formatted(servers, context);
  }
}
