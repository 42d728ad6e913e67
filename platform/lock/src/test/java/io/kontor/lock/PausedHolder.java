package io.kontor.lock;

import io.kontor.database.DatabaseLogin;
import io.kontor.lock.postgres.PostgresLeaseLock;
import java.time.Duration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Program: acquires a lease in PostgreSQL, checks that it is valid, and writes under it when it is
 * asked to, without another check. Arguments: JDBC URL, password, TTL in milliseconds.
 */
final class PausedHolder {
  private PausedHolder() {}

  public static void main(String[] arguments) throws Exception {
    var connections =
        new DriverManagerDataSource(
            arguments[0] + "?currentSchema=kontor", DatabaseLogin.WORKER.role(), arguments[1]);
    Lease lease =
        new PostgresLeaseLock(connections)
            .tryAcquire(
                Contenders.RESOURCE,
                Duration.ofMillis(Long.parseLong(arguments[2])),
                Duration.ofSeconds(30))
            .orElseThrow();
    lease.keepAlive();
    System.out.println("acquired " + lease.fencingNumber().orElseThrow());
    System.in.read();
    try {
      PostgresContenders.writeUnder(lease, connections);
      System.out.println("written");
    } catch (LeaseLostException refused) {
      System.out.println("refused");
    }
  }
}
