package io.kontor.app.startup;

import io.kontor.app.TracingProperties;
import io.kontor.cluster.role.NodeRole;
import io.kontor.cluster.role.NodeRoles;
import io.kontor.cluster.routing.ClusterSecret;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.database.LocalDatabase;
import io.kontor.eventstore.axonserver.AxonServerProperties;
import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.integration.kafka.OnKafkaCondition;
import io.kontor.personaldata.MasterKeyProperties;
import io.kontor.personaldata.MasterKeys;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * Checks the required configuration before anything starts: secrets and token issuers have no
 * defaults.
 */
public final class StartupRequirements {
  private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";

  private static final String AXON_SERVER = "axon.axonserver.enabled";

  private StartupRequirements() {}

  /**
   * @throws StartupRejectedException naming everything that is missing
   */
  public static void check(Environment environment) {
    checkCluster(environment);
    reject(() -> DatabaseTimeouts.of(environment));
    if (OnKafkaCondition.isOn(environment)) {
      reject(() -> KafkaProperties.of(environment));
    }
    TracingProperties.of(environment);
    if (AxonServerProperties.areNeeded(environment)) {
      reject(() -> AxonServerProperties.of(environment));
    }
    if (has(environment, "kontor.master.key")) {
      reject(() -> masterKeys(environment));
    }
    if (environment.acceptsProfiles(Profiles.of("embedded"))) {
      if (LocalDatabase.Provider.find().isEmpty()) {
        throw new StartupRejectedException(
            "a release has no database of its own: set KONTOR_DB_URL to a PostgreSQL and leave the"
                + " profile embedded to the development build (./kontor run)");
      }
      return;
    }
    if (!has(environment, "kontor.db.url")) {
      throw new StartupRejectedException(
          "no database: set KONTOR_DB_URL to a PostgreSQL, or start the development build with"
              + " SPRING_PROFILES_ACTIVE=embedded");
    }
    List<String> missing =
        Stream.of("owner", "app", "worker")
            .filter(login -> !has(environment, "kontor.db.%s.password".formatted(login)))
            .map("KONTOR_DB_%S_PASSWORD"::formatted)
            .toList();
    if (!missing.isEmpty()) {
      throw new StartupRejectedException(
          "no password for the database: set " + String.join(", ", missing));
    }
    if (!has(environment, "kontor.master.key")) {
      throw new StartupRejectedException(
          "no master key for personal data: set KONTOR_MASTER_KEY to the base64 of 32 random bytes"
              + " (openssl rand -base64 32), and keep it safe and apart from the database");
    }
    if (!has(environment, JWT + "jwk-set-uri") && !has(environment, JWT + "issuer-uri")) {
      throw new StartupRejectedException(
          "no issuer of tokens is trusted: set"
              + " SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI or"
              + " SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI");
    }
  }

  private static void checkCluster(Environment environment) {
    try {
      boolean decides = NodeRoles.of(environment).include(NodeRole.COMMAND);
      boolean axonServer = environment.getProperty(AXON_SERVER, Boolean.class, false);
      boolean alone = ClusterSecret.of(environment) == null && !axonServer;
      if (alone && !decides) {
        throw new StartupRejectedException(
            "a node without role command has to send commands to others: set KONTOR_CLUSTER_SECRET"
                + " to what the other nodes have, or add command to KONTOR_ROLES");
      }
    } catch (IllegalArgumentException malformed) {
      throw new StartupRejectedException(String.valueOf(malformed.getMessage()));
    }
  }

  private static void masterKeys(Environment environment) {
    MasterKeyProperties properties =
        Binder.get(environment).bindOrCreate("kontor.master", MasterKeyProperties.class);
    try {
      MasterKeys.of(String.valueOf(properties.key()), properties.formerKeys());
    } catch (IllegalArgumentException malformed) {
      throw new StartupRejectedException("KONTOR_MASTER_KEY: " + malformed.getMessage());
    }
  }

  private static void reject(Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException malformed) {
      throw new StartupRejectedException(String.valueOf(malformed.getMessage()));
    }
  }

  private static boolean has(Environment environment, String property) {
    String value = environment.getProperty(property);
    return value != null && !value.isBlank();
  }
}
