package io.kontor.app.cell;

import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.DatabaseConnectionDetails.Credentials;
import io.kontor.database.DatabaseCreator;
import io.kontor.database.DatabaseLogin;
import io.kontor.tenancy.TenantId;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Finds the databases of cells: {@code kontor.cells.<tenant>} describes one, and a program that
 * runs the database server itself makes the others.
 */
@Component
final class CellDatabases {
  private static final String PREFIX = "kontor.cells.";

  private final Environment environment;
  private final @Nullable DatabaseCreator creator;

  CellDatabases(Environment environment, ObjectProvider<DatabaseCreator> creator) {
    this.environment = environment;
    this.creator = creator.getIfAvailable();
  }

  /**
   * @param url JDBC URL, without user and password
   * @param secret the prefix of the settings with the passwords, such as {@code
   *     <secret>.owner.password}
   */
  record Described(String url, @DefaultValue("kontor.db") String secret) {}

  /**
   * The tenant's database, created if this program may do so; empty when none is described.
   *
   * @throws IllegalStateException when a password is missing
   */
  Optional<CellDatabase> find(TenantId tenant) {
    Optional<CellDatabase> described =
        Optional.ofNullable(
                Binder.get(environment).bind(PREFIX + tenant, Described.class).orElse(null))
            .map(this::configured);
    return described.or(() -> Optional.ofNullable(creator).map(server -> created(tenant, server)));
  }

  /** How to describe a tenant's database. */
  static String setting(TenantId tenant) {
    return PREFIX + tenant + ".url";
  }

  private CellDatabase configured(Described described) {
    var details =
        new DatabaseConnectionDetails(
            described.url(),
            credentials(described.secret(), DatabaseLogin.OWNER),
            credentials(described.secret(), DatabaseLogin.APP),
            credentials(described.secret(), DatabaseLogin.WORKER));
    return new CellDatabase(described.url(), described.secret(), details);
  }

  private Credentials credentials(String secret, DatabaseLogin login) {
    String prefix = secret + "." + login.name().toLowerCase(Locale.ROOT);
    String password = environment.getProperty(prefix + ".password");
    if (password == null || password.isBlank()) {
      throw new IllegalStateException("%s.password is not set".formatted(prefix));
    }
    return new Credentials(environment.getProperty(prefix + ".user", login.role()), password);
  }

  private static CellDatabase created(TenantId tenant, DatabaseCreator server) {
    String name = "kontor-" + tenant;
    return new CellDatabase(name + ", embedded", "embedded", server.create(name));
  }
}
