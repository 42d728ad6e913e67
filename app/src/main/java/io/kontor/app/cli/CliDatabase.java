package io.kontor.app.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.DatabaseConnectionDetails.Credentials;
import io.kontor.database.DatabaseConnector;
import io.kontor.database.DatabaseLogin;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.database.LocalDatabase;
import io.kontor.database.migration.SchemaMigrator;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantDirectory;
import io.kontor.tenancy.registry.TenantIsolation;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A bank's database, opened for a tool: the configured one, or the embedded one of a data folder,
 * also while the bank runs on it.
 */
public final class CliDatabase implements AutoCloseable {
  private static final int CONNECTIONS = 6;

  private final String url;
  private final DatabaseSchema schema;
  private final Function<DatabaseLogin, Credentials> credentials;
  private final DatabaseTimeouts timeouts;
  private final @Nullable LocalDatabase local;
  private final Map<DatabaseLogin, HikariDataSource> pools = new EnumMap<>(DatabaseLogin.class);

  private CliDatabase(
      String url,
      DatabaseSchema schema,
      Function<DatabaseLogin, Credentials> credentials,
      DatabaseTimeouts timeouts,
      @Nullable LocalDatabase local) {
    this.url = url;
    this.schema = schema;
    this.credentials = credentials;
    this.timeouts = timeouts;
    this.local = local;
  }

  /** The tenant's schema in this database, if it has one. */
  Optional<CliDatabase> schemaOf(TenantId tenant) {
    var register =
        new TenantDirectory(connecting(DatabaseLogin.WORKER).unpooled("tool", timeouts.tool()));
    return register
        .find(tenant)
        .filter(found -> found.isolation() == TenantIsolation.SCHEMA)
        .map(_ -> in(DatabaseSchema.ofCell(tenant.value())));
  }

  private CliDatabase in(DatabaseSchema other) {
    var database = new CliDatabase(url, other, credentials, timeouts, local);
    if (local != null && !local.isShared()) {
      database.migrate();
    }
    return database;
  }

  static CliDatabase external(
      String url, Function<DatabaseLogin, Credentials> credentials, DatabaseTimeouts timeouts) {
    return new CliDatabase(url, DatabaseSchema.SHARED, credentials, timeouts, null);
  }

  static CliDatabase local(LocalDatabase local, String url, DatabaseTimeouts timeouts) {
    var database =
        new CliDatabase(
            url,
            DatabaseSchema.SHARED,
            login -> new Credentials(login.role(), local.password(login)),
            timeouts,
            local);
    if (!local.isShared()) {
      database.migrate();
    }
    return database;
  }

  /** Connections with the worker's login, which sees every tenant's events. */
  public DataSource worker() {
    return pool(DatabaseLogin.WORKER);
  }

  /** Connections with the login that serves requests, which sees one tenant's rows. */
  public DataSource app() {
    return pool(DatabaseLogin.APP);
  }

  /** Connections with the owner's login, which may change the schema. */
  public DataSource owner() {
    return pool(DatabaseLogin.OWNER);
  }

  /** Whether another program runs on the same embedded database. */
  public boolean isShared() {
    return local != null && local.isShared();
  }

  /** The secret of this name of an embedded database, see {@link LocalDatabase#secret}. */
  byte[] secret(String name, Supplier<byte[]> fresh) {
    return Objects.requireNonNull(local).secret(name, fresh);
  }

  /** Migrates the database to this version's schema. */
  public void migrate() {
    SchemaMigrator.run(
        connecting(DatabaseLogin.OWNER).unpooled("migration", timeouts.tool()), schema);
  }

  private DataSource pool(DatabaseLogin login) {
    return pools.computeIfAbsent(login, this::open);
  }

  private HikariDataSource open(DatabaseLogin login) {
    return connecting(login).idlePool("tool-" + login.role(), CONNECTIONS, timeouts.tool());
  }

  private DatabaseConnector connecting(DatabaseLogin login) {
    Credentials of = credentials.apply(login);
    return new DatabaseConnector(url, schema, of.user(), of.password(), timeouts);
  }

  @Override
  public void close() {
    pools.values().forEach(HikariDataSource::close);
    if (local != null) {
      local.close();
    }
  }
}
