package io.kontor.app.startup;

import static java.util.stream.Collectors.joining;

import io.kontor.cluster.role.NodeRole;
import io.kontor.cluster.role.NodeRoles;
import io.kontor.cluster.routing.ClusterSecret;
import io.kontor.database.LocalDatabase;
import io.kontor.eventstore.axonserver.AxonServerProperties;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * Checks the required configuration before anything starts: secrets and token issuers have no
 * defaults. {@link SettingsValidation} checks the values of all other settings.
 */
public final class StartupRequirements {
  private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";

  private static final String AXON_SERVER = "axon.axonserver.enabled";

  private StartupRequirements() {}

  /**
   * @throws InvalidConfigurationPropertyValueException when a required property is missing, or one
   *     that the wiring depends on is invalid
   * @throws StartupRejectedException when properties contradict each other
   */
  public static void check(Environment environment) {
    checkCluster(environment);
    if (AxonServerProperties.areNeeded(environment)) {
      AxonServerProperties.of(environment);
    }
    if (environment.acceptsProfiles(Profiles.of("embedded"))) {
      checkLocalDatabase();
    } else {
      checkDatabase(environment);
      require(
          environment,
          "kontor.master.key",
          "set KONTOR_MASTER_KEY to the base64 of 32 random bytes (openssl rand -base64 32), and"
              + " keep it safe and apart from the database");
      checkTokenIssuer(environment);
    }
  }

  private static void checkLocalDatabase() {
    if (LocalDatabase.Provider.find().isEmpty()) {
      throw new StartupRejectedException(
          "a release has no database of its own: set KONTOR_DB_URL to a PostgreSQL and leave the"
              + " profile embedded to the development build (./kontor run)");
    }
  }

  private static void checkDatabase(Environment environment) {
    require(
        environment,
        "kontor.db.url",
        "set KONTOR_DB_URL to a PostgreSQL, or start the development build with"
            + " SPRING_PROFILES_ACTIVE=embedded");
    List<String> missing =
        Stream.of("owner", "app", "worker")
            .filter(login -> !has(environment, "kontor.db.%s.password".formatted(login)))
            .toList();
    if (!missing.isEmpty()) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.db.%s.password".formatted(missing.getFirst()),
          null,
          missing.stream()
              .map("KONTOR_DB_%S_PASSWORD"::formatted)
              .collect(joining(", ", "set ", "")));
    }
  }

  private static void checkTokenIssuer(Environment environment) {
    if (!has(environment, JWT + "issuer-uri")) {
      require(
          environment,
          JWT + "jwk-set-uri",
          "set SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI or"
              + " SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI to the issuer of tokens that"
              + " is trusted");
    }
  }

  private static void checkCluster(Environment environment) {
    boolean decides = NodeRoles.of(environment).include(NodeRole.COMMAND);
    boolean axonServer = environment.getProperty(AXON_SERVER, Boolean.class, false);
    boolean alone = ClusterSecret.of(environment) == null && !axonServer;
    if (alone && !decides) {
      throw new StartupRejectedException(
          "a node without role command has to send commands to others: set KONTOR_CLUSTER_SECRET"
              + " to what the other nodes have, or add command to KONTOR_ROLES");
    }
  }

  private static void require(Environment environment, String property, String how) {
    if (!has(environment, property)) {
      throw new InvalidConfigurationPropertyValueException(property, null, how);
    }
  }

  private static boolean has(Environment environment, String property) {
    String value = environment.getProperty(property);
    return value != null && !value.isBlank();
  }
}
