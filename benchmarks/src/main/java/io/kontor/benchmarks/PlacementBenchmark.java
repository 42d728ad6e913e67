package io.kontor.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Rows p4 to p8: deposits over HTTP for a tenant in each placement, all of them on one node, and
 * for twenty tenants at once of which each has a schema (p7) or a database (p8) of its own.
 */
final class PlacementBenchmark implements AutoCloseable {
  private static final String DATABASE = "placements";
  private static final int MANY = 20;

  /** Tenants that can have databases of their own, which have their names. */
  private static final List<String> OWNERS = tenants("owner", MANY + 1);

  private static final int CALLERS = 20;

  /** Of all the tenants together: each cell has rows of its own. */
  private static final int ACCOUNTS = 2_000;

  private final ServerEnvironment environment;
  private final Turns turns;
  private final ServerProcess server;
  private final Tenants shared;

  PlacementBenchmark(ServerEnvironment environment, Build build, Turns turns) throws Exception {
    this.environment = environment;
    this.turns = turns;
    environment.createDatabase(DATABASE);
    Map<String, String> settings = new HashMap<>();
    for (String owner : OWNERS) {
      environment.createDatabase(owner);
      settings.put(
          "KONTOR_CELLS_%s_URL".formatted(owner.toUpperCase(Locale.ROOT)),
          environment.postgres().jdbcUrl(owner));
    }
    server = environment.start(build, DATABASE, settings);
    shared = load(what("ROW"), "ROW", List.of("sharing"));
  }

  /** In the order in which they must run: tenants are added. */
  Map<String, Benchmark> rows() {
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put("p4", Benchmark.of(shared.what(), time -> turns.alone(shared)));
    rows.put("p5", besideShared(what("SCHEMA"), "SCHEMA", List.of("walled")));
    rows.put("p6", besideShared(what("DATABASE"), "DATABASE", OWNERS.subList(0, 1)));
    rows.put("p7", besideShared(whatForMany("SCHEMA"), "SCHEMA", tenants("walled", MANY)));
    rows.put("p8", besideShared(whatForMany("DATABASE"), "DATABASE", OWNERS.subList(1, MANY + 1)));
    return rows;
  }

  private static List<String> tenants(String name, int count) {
    return IntStream.range(0, count).mapToObj(n -> name + n).toList();
  }

  private static String whatForMany(String isolation) {
    return "the same for %d tenants in placement %s at once".formatted(MANY, isolation);
  }

  private static String what(String isolation) {
    return "deposits over HTTP for a tenant in placement " + isolation;
  }

  private Benchmark besideShared(String what, String isolation, List<String> tenants) {
    return Benchmark.of(
        what,
        time -> {
          try (var placed = load(what, isolation, tenants)) {
            return server.notingMemory(turns.compare(placed, shared).one());
          }
        });
  }

  private Tenants load(String what, String isolation, List<String> tenants) throws IOException {
    List<HttpLoad> generators = new ArrayList<>();
    for (String tenant : tenants) {
      environment.registerTenant(server, tenant, isolation);
      var generator = new HttpLoad(List.of(server.port()), environment.teller(tenant));
      generators.add(generator);
      generator.open(ACCOUNTS / tenants.size());
    }
    var processes =
        new ProcessTime(List.of(server.process().pid()), environment.postgres().processId());
    return new Tenants(what, generators, processes);
  }

  /** Deposits for some tenants, each of which has a load generator with its token. */
  private record Tenants(String what, List<HttpLoad> generators, ProcessTime processes)
      implements Load, AutoCloseable {
    @Override
    public Slice run(Duration time, double perSecond) throws Exception {
      int tenants = generators.size();
      List<Future<Slice>> slices = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (HttpLoad generator : generators) {
          slices.add(
              threads.submit(
                  () ->
                      generator.run(
                          "deposit", ACCOUNTS, CALLERS / tenants, time, perSecond / tenants)));
        }
      }
      double rate = 0;
      long operations = 0;
      var nanos = new Histogram(3);
      for (Future<Slice> slice : slices) {
        rate += slice.get().perSecond();
        operations += slice.get().operations();
        nanos.add(slice.get().nanos());
      }
      return new Slice(rate, operations, nanos);
    }

    @Override
    public void close() throws IOException {
      for (HttpLoad generator : generators) {
        generator.close();
      }
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    shared.close();
    server.close();
  }
}
