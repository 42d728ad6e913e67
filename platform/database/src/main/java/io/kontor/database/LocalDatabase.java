package io.kontor.database;

import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** The database in a folder of this machine, whose server runs until this is closed. */
public interface LocalDatabase extends AutoCloseable {

  /** The JDBC URL, without a user. */
  String jdbcUrl();

  /** The JDBC URL of another database of the same server, without a user. */
  String jdbcUrl(String database);

  /** The password of a login. */
  String password(DatabaseLogin login);

  /**
   * A secret that is kept beside the database and that only its owner can read.
   *
   * @param fresh makes the secret when there is none yet
   */
  byte[] secret(String name, Supplier<byte[]> fresh);

  /** Whether another program runs the server, so that closing this leaves it running. */
  boolean isShared();

  @Override
  void close();

  /** Opens local databases. The development build has one on its class path, a release has none. */
  interface Provider {
    /** The provider of this build. */
    static Optional<Provider> find() {
      return ServiceLoader.load(Provider.class).findFirst();
    }

    /** Whether the folder contains a bank's data. */
    boolean existsIn(Path folder);

    /**
     * Uses the running server of the folder, or starts one; a missing folder is created.
     *
     * @throws LocalDatabaseException when that is not possible
     */
    LocalDatabase open(Path folder);
  }
}
