package io.kontor.postgres;

import io.kontor.database.DatabaseLogin;
import io.kontor.database.LocalDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The server of a data folder for a second program: uses the running one, or starts one until this
 * is closed.
 */
public final class SharedPostgres implements LocalDatabase {
  /** The lines of {@code postmaster.pid} with the port and the state. */
  private static final int PORT_LINE = 3;

  private static final int STATE_LINE = 7;

  private final Path folder;
  private final @Nullable EmbeddedPostgres own;
  private final int port;

  private SharedPostgres(Path folder, @Nullable EmbeddedPostgres own, int port) {
    this.folder = folder;
    this.own = own;
    this.port = port;
  }

  /**
   * Finds or starts the server of a folder.
   *
   * @throws PostgresStartException when it does not run and can't be started
   * @throws DataFolderInUseException when the folder is in use and its server does not accept
   *     connections
   */
  public static SharedPostgres of(Path dataDirectory) {
    Path folder = dataDirectory.toAbsolutePath().normalize();
    try {
      return new SharedPostgres(folder, EmbeddedPostgres.start(folder), 0);
    } catch (DataFolderInUseException running) {
      return new SharedPostgres(folder, null, runningPort(folder, running));
    }
  }

  /** Whether the folder contains a bank's data. */
  public static boolean existsIn(Path dataDirectory) {
    return Files.exists(dataDirectory.resolve("postgres.ready"));
  }

  @Override
  public boolean isShared() {
    return own == null;
  }

  @Override
  public String jdbcUrl() {
    return jdbcUrl(EmbeddedPostgres.DATABASE);
  }

  @Override
  public String jdbcUrl(String database) {
    return own == null
        ? "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database)
        : own.jdbcUrl(database);
  }

  @Override
  public String password(DatabaseLogin login) {
    try {
      return new GeneratedPasswords(folder.resolve("passwords")).of(login.role());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] secret(String name, Supplier<byte[]> fresh) {
    return SecretFile.readOrCreate(folder.resolve(name), fresh);
  }

  /** Unpooled connections of a login to the database {@code kontor}. */
  public DataSource dataSource(DatabaseLogin login) {
    return UnpooledDataSources.unpooled(jdbcUrl(), login.role(), password(login));
  }

  /** Stops the server if this started it. */
  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }

  private static int runningPort(Path folder, DataFolderInUseException running) {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("postgres/postmaster.pid"));
      if (lines.size() > STATE_LINE && lines.get(STATE_LINE).strip().equals("ready")) {
        return Integer.parseInt(lines.get(PORT_LINE).strip());
      }
      throw running;
    } catch (IOException notThere) {
      running.addSuppressed(notThere);
      throw running;
    }
  }
}
