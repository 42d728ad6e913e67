package io.kontor.eventstore.axonserver;

import io.kontor.eventstore.EventStoreConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * The connection to Axon Server, in profile {@code axonserver}.
 *
 * @param servers {@code host:port} of one or more Axon Servers, separated by commas; the port is
 *     8124 when left out. Required
 * @param token access token of this application; required outside profile {@code embedded}
 * @param context the context, used by Kontor only
 * @param tls whether to use TLS
 * @param certificate a PEM file with the trusted certificates, only with TLS; the JDK's when it is
 *     not set
 */
@ConfigurationProperties(AxonServerProperties.PREFIX)
public record AxonServerProperties(
    @DefaultValue("") String servers,
    @Nullable String token,
    @DefaultValue("default") String context,
    @DefaultValue("false") boolean tls,
    @Nullable Path certificate) {
  static final String PREFIX = "kontor.axonserver";

  private static final String ADDRESS = "[A-Za-z0-9._-]+(:[1-9][0-9]{0,4})?";
  private static final Pattern SERVERS = Pattern.compile(ADDRESS + "(," + ADDRESS + ")*");

  /**
   * A blank value is one that is not set.
   *
   * @throws InvalidConfigurationPropertyValueException when a value is missing or malformed
   */
  public AxonServerProperties {
    servers = servers.strip();
    token = token == null || token.isBlank() ? null : token.strip();
    context = context.isBlank() ? "default" : context.strip();
    certificate = certificate == null || certificate.toString().isBlank() ? null : certificate;
    if (servers.isEmpty()) {
      throw invalid(
          "servers",
          null,
          "set KONTOR_AXONSERVER_SERVERS to the address of Axon Server, such as"
              + " axonserver.example:8124, or start without the profile axonserver");
    }
    if (!SERVERS.matcher(servers).matches()) {
      throw invalid("servers", servers, "must be host:port, several separated by commas");
    }
    if (certificate != null && !tls) {
      throw invalid("certificate", certificate, "is of no use without KONTOR_AXONSERVER_TLS=true");
    }
    if (certificate != null && !Files.isReadable(certificate)) {
      throw invalid("certificate", certificate, "there is no readable file at this path");
    }
  }

  /** Whether Axon Server is this bank's event store. */
  public static boolean areNeeded(Environment environment) {
    return environment.acceptsProfiles(Profiles.of(EventStoreConfiguration.AXON_SERVER));
  }

  /**
   * Reads and checks the configuration.
   *
   * @throws InvalidConfigurationPropertyValueException when a value is missing or malformed, as the
   *     cause of a {@code BindException} where there is one
   */
  public static AxonServerProperties of(Environment environment) {
    AxonServerProperties properties =
        Binder.get(environment).bindOrCreate(PREFIX, AxonServerProperties.class);
    if (properties.token() == null && !environment.acceptsProfiles(Profiles.of("embedded"))) {
      throw invalid(
          "token",
          null,
          "set KONTOR_AXONSERVER_TOKEN, and switch on access control there: without it anyone who"
              + " reaches it reads and writes every tenant's events");
    }
    return properties;
  }

  private static InvalidConfigurationPropertyValueException invalid(
      String name, @Nullable Object value, String reason) {
    return new InvalidConfigurationPropertyValueException(PREFIX + "." + name, value, reason);
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
