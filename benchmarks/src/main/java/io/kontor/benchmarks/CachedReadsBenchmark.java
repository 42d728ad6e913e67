package io.kontor.benchmarks;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountQuery.FindAccount;
import io.kontor.embeddedredis.EmbeddedRedis;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.tenancy.TenantContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;

/**
 * Rows u: accounts by their ids through the query bus of this process, from four banks that differ
 * in where they keep copies of rows. Each has its own PostgreSQL.
 */
final class CachedReadsBenchmark implements AutoCloseable {
  private static final int CALLERS = 64;
  private static final int SERVERS = 3;
  private static final long CACHE_BYTES = 64L << 20;

  private final Turns turns;
  private final List<EmbeddedRedis> servers = new ArrayList<>();
  private final List<BenchmarkBank> banks = new ArrayList<>();
  private final List<DatabaseShare> loads = new ArrayList<>();

  CachedReadsBenchmark(Path folder, int accounts, Turns turns) throws Exception {
    this.turns = turns;
    for (int n = 0; n < SERVERS; n++) {
      servers.add(EmbeddedRedis.start());
    }
    for (Copies copies : Copies.values()) {
      BenchmarkBank bank = start(folder.resolve(copies.name()), copies.properties(servers));
      banks.add(bank);
      List<AccountId> opened = bank.accounts(accounts);
      bank.catchUp();
      long postmaster = bank.part(EmbeddedPostgres.class).processId();
      List<Long> processes = new ArrayList<>(copies.processes(servers));
      processes.add(ProcessHandle.current().pid());
      loads.add(
          new DatabaseShare(
              new Reads(
                  "accounts by their ids in process, " + copies.text(),
                  bank.part(QueryGateway.class),
                  opened,
                  new ProcessTime(processes, postmaster)),
              postmaster));
    }
  }

  private static BenchmarkBank start(Path folder, Map<String, String> settings) {
    settings.forEach(System::setProperty);
    try {
      return BenchmarkBank.start(folder, CACHE_BYTES);
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  /** The rows, whose ratios are to the first. */
  Map<String, Benchmark> rows() {
    var rows = new LinkedHashMap<String, Benchmark>();
    DatabaseShare none = loads.getFirst();
    for (DatabaseShare load : loads) {
      rows.put(
          "u" + (rows.size() + 1),
          Benchmark.of(
              load.what(),
              time ->
                  load.noted(load == none ? turns.alone(none) : turns.compare(load, none).one())));
    }
    return rows;
  }

  /** The processor time includes the callers'. */
  private record Reads(
      String what, QueryGateway queries, List<AccountId> accounts, ProcessTime processes)
      implements Load {
    @Override
    public Slice run(Duration time, double perSecond) throws Exception {
      return Measurement.run(CALLERS, time, perSecond, (caller, n) -> read());
    }

    private int read() {
      AccountId account = accounts.get(ThreadLocalRandom.current().nextInt(accounts.size()));
      return TenantContext.call(
                  BenchmarkBank.ACME,
                  () ->
                      queries
                          .query(
                              new FindAccount(account.uuid(), null),
                              ResponseTypes.optionalInstanceOf(AccountDetails.class))
                          .join())
              .isPresent()
          ? 1
          : 0;
    }
  }

  @Override
  public void close() {
    banks.forEach(BenchmarkBank::close);
    servers.forEach(EmbeddedRedis::close);
  }
}
