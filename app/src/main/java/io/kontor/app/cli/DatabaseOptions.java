package io.kontor.app.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kontor.app.cell.CellDatabase;
import io.kontor.app.cell.CellDatabases;
import io.kontor.app.startup.SettingsBinder;
import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.DatabaseConnectionDetails.Credentials;
import io.kontor.database.DatabaseLogin;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.database.LocalDatabase;
import io.kontor.personaldata.MasterKeyProperties;
import io.kontor.personaldata.MasterKeys;
import io.kontor.tenancy.TenantId;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;
import org.springframework.core.env.StandardEnvironment;
import picocli.CommandLine.Option;

/**
 * Which database a tool works on: the one the bank is configured with, unless a folder or a tenant
 * is named.
 */
public final class DatabaseOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      description = "the embedded bank's data folder (as configured, if not given)")
  private @Nullable Path dataDir;

  @Option(
      names = "--cell",
      paramLabel = "TENANT",
      description = "the schema or database of this tenant, which has its own (the shared one)")
  private @Nullable String cell;

  private @Nullable ConfigurableEnvironment environment;

  /**
   * Opens the bank's database.
   *
   * @throws CliException when there is no database
   */
  public CliDatabase open() {
    if (isLocal() && !local().existsIn(folder())) {
      throw new CliException("there is no bank in " + folder().toAbsolutePath());
    }
    return openOrCreate();
  }

  /**
   * Opens the bank's database; a missing embedded one is created, empty.
   *
   * @throws CliException when none is configured
   */
  public CliDatabase openOrCreate() {
    DatabaseTimeouts timeouts = new SettingsBinder(environment()).bind(DatabaseTimeouts.class);
    TenantId tenant = cell();
    if (isLocal()) {
      return local(tenant, timeouts);
    }
    if (tenant == null) {
      return shared(timeouts);
    }
    Optional<DatabaseConnectionDetails> described = described(tenant);
    return described.isPresent()
        ? CliDatabase.external(described.get().url(), login -> of(login, described.get()), timeouts)
        : shared(timeouts)
            .schemaOf(tenant)
            .orElseThrow(
                () ->
                    new CliException(
                        "the tenant has no schema of its own, and no database is described for it:"
                            + " set "
                            + CellDatabases.setting(tenant)));
  }

  private CliDatabase local(@Nullable TenantId tenant, DatabaseTimeouts timeouts) {
    LocalDatabase server = local().open(folder());
    CliDatabase shared = CliDatabase.local(server, server.jdbcUrl(), timeouts);
    if (tenant == null) {
      return shared;
    }
    return shared
        .schemaOf(tenant)
        .orElseGet(
            () ->
                CliDatabase.local(server, server.jdbcUrl(CellDatabases.nameOf(tenant)), timeouts));
  }

  private CliDatabase shared(DatabaseTimeouts timeouts) {
    String url = environment().getProperty("kontor.db.url");
    if (url == null || url.isBlank()) {
      throw new CliException(
          "no database: set KONTOR_DB_URL as for the bank, or name the embedded bank's folder with"
              + " --data-dir");
    }
    return CliDatabase.external(url, this::credentials, timeouts);
  }

  /** Whether it is the embedded database of a development build. */
  public boolean isLocal() {
    return environment().acceptsProfiles(Profiles.of("embedded")) || dataDir != null;
  }

  /** The master keys of an embedded bank; without one, a key is made and kept in its folder. */
  public MasterKeys masterKeysOf(CliDatabase local) {
    MasterKeyProperties configured =
        new SettingsBinder(environment()).bind(MasterKeyProperties.class);
    String key = configured.key();
    return MasterKeys.of(
        key == null
            ? new String(
                local.secret(MasterKeys.FILE, () -> MasterKeys.generate().getBytes(US_ASCII)),
                US_ASCII)
            : key,
        configured.formerKeys());
  }

  /** The bank's configuration. */
  public ConfigurableEnvironment environment() {
    if (environment == null) {
      var read = new StandardEnvironment();
      ConfigurationPropertySources.attach(read);
      ConfigDataEnvironmentPostProcessor.applyTo(read);
      environment = read;
    }
    return environment;
  }

  private static LocalDatabase.Provider local() {
    return LocalDatabase.Provider.find()
        .orElseThrow(
            () ->
                new CliException(
                    "a release has no database of its own: set KONTOR_DB_URL, or use the development"
                        + " build (./kontor)"));
  }

  private @Nullable TenantId cell() {
    try {
      return cell == null ? null : new TenantId(cell);
    } catch (IllegalArgumentException malformed) {
      throw new CliException("--cell: " + malformed.getMessage());
    }
  }

  private Optional<DatabaseConnectionDetails> described(TenantId tenant) {
    try {
      return CellDatabases.described(tenant, environment()).map(CellDatabase::details);
    } catch (IllegalStateException withoutPassword) {
      throw new CliException(String.valueOf(withoutPassword.getMessage()));
    }
  }

  private static Credentials of(DatabaseLogin login, DatabaseConnectionDetails details) {
    return switch (login) {
      case OWNER -> details.owner();
      case APP -> details.app();
      case WORKER -> details.worker();
    };
  }

  private Path folder() {
    return dataDir == null
        ? Path.of(Objects.requireNonNull(environment().getProperty("kontor.data.dir")))
        : dataDir;
  }

  private Credentials credentials(DatabaseLogin login) {
    String name = login.name().toLowerCase(Locale.ROOT);
    String password = environment().getProperty("kontor.db.%s.password".formatted(name));
    if (password == null || password.isBlank()) {
      throw new CliException(
          "no password for the database: set KONTOR_DB_%S_PASSWORD".formatted(name));
    }
    String user = environment().getProperty("kontor.db.%s.user".formatted(name), login.role());
    return new Credentials(user, password);
  }
}
