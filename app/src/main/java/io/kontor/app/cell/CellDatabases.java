package io.kontor.app.cell;

import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.DatabaseConnectionDetails.Credentials;
import io.kontor.database.DatabaseCreator;
import io.kontor.database.DatabaseLogin;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantIsolation;
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
 * runs the database server itself makes the others. A cell that is a schema is in the shared
 * database.
 */
@Component
public final class CellDatabases {
  private static final String PREFIX = "kontor.cells.";
  private static final String SHARED_SECRET = "kontor.db";

  private final Environment environment;
  private final DatabaseConnectionDetails shared;
  private final @Nullable DatabaseCreator creator;

  CellDatabases(
      Environment environment,
      DatabaseConnectionDetails shared,
      ObjectProvider<DatabaseCreator> creator) {
    this.environment = environment;
    this.shared = shared;
    this.creator = creator.getIfAvailable();
  }

  /**
   * @param url JDBC URL, without user and password
   * @param secret the prefix of the settings with the passwords, such as {@code
   *     <secret>.owner.password}
   */
  record Described(String url, @DefaultValue(SHARED_SECRET) String secret) {}

  /**
   * The tenant's schema, or its database, created if this program may do so; empty when none is
   * described.
   *
   * @throws IllegalStateException when a password is missing
   */
  Optional<CellDatabase> find(TenantId tenant, TenantIsolation isolation) {
    return isolation == TenantIsolation.SCHEMA ? Optional.of(inSchema(tenant)) : database(tenant);
  }

  private Optional<CellDatabase> database(TenantId tenant) {
    return described(tenant, environment)
        .or(() -> Optional.ofNullable(creator).map(server -> created(tenant, server)));
  }

  /**
   * Removes the tenant's schema, or all that is in its database, and the database itself if this
   * program has made it. Repeating it changes nothing.
   *
   * @throws IllegalStateException when none is described
   */
  void remove(TenantId tenant, TenantIsolation isolation, DatabaseTimeouts timeouts) {
    Optional<CellDatabase> described =
        isolation == TenantIsolation.SCHEMA
            ? Optional.of(inSchema(tenant))
            : described(tenant, environment);
    if (described.isPresent()) {
      described.get().empty(timeouts);
    } else if (creator != null) {
      creator.drop(nameOf(tenant));
    } else {
      throw new IllegalStateException(setting(tenant) + " is not set here");
    }
  }

  /**
   * Removes the tenant's schema and database wherever there is one, also what a move has left that
   * was given up. Repeating it changes nothing.
   */
  void removeAll(TenantId tenant, DatabaseTimeouts timeouts) {
    inSchema(tenant).empty(timeouts);
    Optional<CellDatabase> described = described(tenant, environment);
    if (described.isPresent()) {
      described
          .filter(database -> database.isOf(tenant, timeouts))
          .ifPresent(own -> own.empty(timeouts));
    } else if (creator != null) {
      creator.drop(nameOf(tenant));
    }
  }

  /**
   * The tenant's database as the settings describe it; empty when they don't.
   *
   * @throws IllegalStateException when a password is missing
   */
  public static Optional<CellDatabase> described(TenantId tenant, Environment environment) {
    return Optional.ofNullable(
            Binder.get(environment).bind(PREFIX + tenant, Described.class).orElse(null))
        .map(described -> configured(described, environment));
  }

  /** How to describe a tenant's database. */
  public static String setting(TenantId tenant) {
    return PREFIX + tenant + ".url";
  }

  /** The name of a tenant's database on a server that the program runs itself. */
  public static String nameOf(TenantId tenant) {
    return "kontor-" + tenant;
  }

  private CellDatabase inSchema(TenantId tenant) {
    DatabaseSchema schema = DatabaseSchema.ofCell(tenant.value());
    return new CellDatabase(
        TenantIsolation.SCHEMA, "schema " + schema, SHARED_SECRET, shared.in(schema));
  }

  private static CellDatabase configured(Described described, Environment environment) {
    String secret = described.secret();
    var details =
        new DatabaseConnectionDetails(
            described.url(),
            credentials(secret, DatabaseLogin.OWNER, environment),
            credentials(secret, DatabaseLogin.APP, environment),
            credentials(secret, DatabaseLogin.WORKER, environment));
    return new CellDatabase(TenantIsolation.DATABASE, described.url(), secret, details);
  }

  private static Credentials credentials(
      String secret, DatabaseLogin login, Environment environment) {
    String prefix = secret + "." + login.name().toLowerCase(Locale.ROOT);
    String password = environment.getProperty(prefix + ".password");
    if (password == null || password.isBlank()) {
      throw new IllegalStateException("%s.password is not set".formatted(prefix));
    }
    return new Credentials(environment.getProperty(prefix + ".user", login.role()), password);
  }

  private static CellDatabase created(TenantId tenant, DatabaseCreator server) {
    String name = nameOf(tenant);
    return new CellDatabase(
        TenantIsolation.DATABASE, name + ", embedded", "embedded", server.create(name));
  }
}
