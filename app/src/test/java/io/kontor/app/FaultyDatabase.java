package io.kontor.app;

import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.testsupport.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A PostgreSQL server behind a proxy, with every fault that a bank has to live with. */
final class FaultyDatabase implements AutoCloseable {
  private final Path folder;
  private final TcpProxy network;
  private EmbeddedPostgres server;

  FaultyDatabase(Path folder) throws IOException {
    this.folder = folder;
    server = EmbeddedPostgres.start(folder.resolve("server"));
    network = new TcpProxy(port());
  }

  /** The bank's way to it. */
  TcpProxy network() {
    return network;
  }

  /** The URL of the bank's database, through the proxy. */
  String jdbcUrl() {
    return server.jdbcUrl().replace(":" + port() + "/", ":" + network.port() + "/");
  }

  String password(DatabaseLogin login) {
    return server.password(login);
  }

  /** Freezes all of the server's processes, as SIGSTOP does; their connections stay open. */
  Runnable freeze() {
    ProcessHandle postmaster = postmaster();
    // First the one that would start others.
    signal("-STOP", postmaster);
    List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.children()).toList();
    all.forEach(one -> signal("-STOP", one));
    return () -> all.forEach(one -> signal("-CONT", one));
  }

  /** Kills all of the server's processes, as {@code kill -9} does. */
  void kill() {
    ProcessHandle postmaster = postmaster();
    List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.children()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
  }

  /** Stops the server in an orderly way. */
  void stop() {
    server.close();
  }

  /** Starts the server that was stopped or killed, on another port behind the same proxy. */
  void start() {
    server.close();
    server = EmbeddedPostgres.start(folder.resolve("server"));
    network.target(port());
  }

  /** Takes all connections from a login, and leaves none for new ones. */
  void takeConnections(DatabaseLogin login) {
    limitConnections(login, 0);
    superuser()
        .queryForList(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = ?",
            login.role());
  }

  void giveConnectionsBack(DatabaseLogin login) {
    limitConnections(login, -1);
  }

  private void limitConnections(DatabaseLogin login, int limit) {
    superuser().execute("alter role %s connection limit %d".formatted(login.role(), limit));
  }

  void makeReadOnly(boolean readOnly) {
    superuser().execute("alter system set default_transaction_read_only = " + readOnly);
    superuser().queryForList("select pg_reload_conf()");
  }

  /**
   * Moves the events to a small disk and fills it.
   *
   * @return whether this machine allows a small disk
   */
  boolean fillDisk() throws IOException {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    if (!run("mount", "-t", "tmpfs", "-o", "size=32m,mode=777", "tmpfs", disk.toString())) {
      return false;
    }
    Path space = Files.createDirectories(disk.resolve("events"));
    superuser().execute("create tablespace small location '%s'".formatted(space));
    superuser().execute("alter table kontor.event set tablespace small");
    try (var filler = Files.newOutputStream(disk.resolve("filler"))) {
      byte[] block = new byte[1 << 12];
      while (true) {
        filler.write(block);
      }
    } catch (IOException full) {
      return true;
    }
  }

  /** Makes room on the small disk. */
  void makeRoom() throws IOException {
    Files.delete(folder.resolve("disk/filler"));
  }

  @Override
  public void close() throws IOException {
    network.close();
    server.close();
    Path disk = folder.resolve("disk");
    if (Files.exists(disk)) {
      run("umount", disk.toString());
    }
  }

  private int port() {
    return URI.create(server.jdbcUrl().substring("jdbc:".length())).getPort();
  }

  private ProcessHandle postmaster() {
    return ProcessHandle.of(server.processId()).orElseThrow();
  }

  private JdbcTemplate superuser() {
    try {
      return new JdbcTemplate(
          new DriverManagerDataSource(
              server.jdbcUrl(),
              "postgres",
              Files.readString(folder.resolve("server/passwords/postgres"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void signal(String signal, ProcessHandle process) {
    run("kill", signal, Long.toString(process.pid()));
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException notInstalled) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
