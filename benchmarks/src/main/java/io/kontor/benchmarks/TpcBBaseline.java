package io.kontor.benchmarks;

import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * The baseline: the transaction of pgbench's "TPC-B (sort of)" script with prepared JDBC statements
 * on 16 connections, scale 10.
 */
final class TpcBBaseline implements Load, AutoCloseable {
  private static final int CLIENTS = 16;
  private static final int SCALE = 10;
  private static final int ACCOUNTS = 100_000 * SCALE;

  private final DataSource owner;
  private final ProcessTime processes;
  private final List<Client> clients = new ArrayList<>();

  private TpcBBaseline(DataSource owner, ProcessTime processes) {
    this.owner = owner;
    this.processes = processes;
  }

  /** Creates its tables in a schema of its own. */
  static TpcBBaseline on(EmbeddedPostgres postgres) throws SQLException {
    var baseline =
        new TpcBBaseline(
            postgres.dataSource(DatabaseLogin.OWNER),
            new ProcessTime(List.of(), postgres.processId()));
    baseline.prepare();
    for (int n = 0; n < CLIENTS; n++) {
      baseline.clients.add(new Client(baseline.owner.getConnection()));
    }
    return baseline;
  }

  @Override
  public String what() {
    return "TPC-B-like transaction, prepared JDBC, 16 connections";
  }

  @Override
  public Slice run(Duration time, double perSecond) throws Exception {
    return Measurement.run(
        CLIENTS, time, perSecond, (caller, call) -> clients.get(caller).transaction());
  }

  /** The database alone: its clients are the load generator. */
  @Override
  public ProcessTime processes() {
    return processes;
  }

  @Override
  public void close() throws SQLException {
    for (Client client : clients) {
      client.close();
    }
    execute("drop schema tpcb cascade");
  }

  private void prepare() throws SQLException {
    execute(
        """
        drop schema if exists tpcb cascade;
        create schema tpcb;
        create table tpcb.branches as select b as bid, 0 as bbalance, repeat(' ', 88) as filler
          from generate_series(1, %1$d) b;
        create table tpcb.tellers as select t as tid, (t - 1) / 10 + 1 as bid, 0 as tbalance,
          repeat(' ', 84) as filler from generate_series(1, %1$d * 10) t;
        create table tpcb.accounts as select a as aid, (a - 1) / 100000 + 1 as bid, 0 as abalance,
          repeat(' ', 84) as filler from generate_series(1, %2$d) a;
        create table tpcb.history (tid int, bid int, aid int, delta int, mtime timestamp,
          filler char(22));
        alter table tpcb.branches add primary key (bid);
        alter table tpcb.tellers add primary key (tid);
        alter table tpcb.accounts add primary key (aid);
        """
            .formatted(SCALE, ACCOUNTS));
    execute("vacuum analyze tpcb.branches, tpcb.tellers, tpcb.accounts");
  }

  private void execute(String sql) throws SQLException {
    try (var connection = owner.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static final class Client implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement updateAccount;
    private final PreparedStatement selectAccount;
    private final PreparedStatement updateTeller;
    private final PreparedStatement updateBranch;
    private final PreparedStatement insertHistory;

    Client(Connection connection) throws SQLException {
      this.connection = connection;
      connection.setAutoCommit(false);
      updateAccount =
          connection.prepareStatement(
              "update tpcb.accounts set abalance = abalance + ? where aid = ?");
      selectAccount =
          connection.prepareStatement("select abalance from tpcb.accounts where aid = ?");
      updateTeller =
          connection.prepareStatement(
              "update tpcb.tellers set tbalance = tbalance + ? where tid = ?");
      updateBranch =
          connection.prepareStatement(
              "update tpcb.branches set bbalance = bbalance + ? where bid = ?");
      insertHistory =
          connection.prepareStatement(
              "insert into tpcb.history (tid, bid, aid, delta, mtime)"
                  + " values (?, ?, ?, ?, current_timestamp)");
    }

    int transaction() throws SQLException {
      var random = ThreadLocalRandom.current();
      int aid = 1 + random.nextInt(ACCOUNTS);
      int tid = 1 + random.nextInt(SCALE * 10);
      int bid = 1 + random.nextInt(SCALE);
      int delta = random.nextInt(-5000, 5001);
      update(updateAccount, delta, aid);
      selectAccount.setInt(1, aid);
      try (var row = selectAccount.executeQuery()) {
        row.next();
      }
      update(updateTeller, delta, tid);
      update(updateBranch, delta, bid);
      insertHistory.setInt(1, tid);
      insertHistory.setInt(2, bid);
      insertHistory.setInt(3, aid);
      insertHistory.setInt(4, delta);
      insertHistory.executeUpdate();
      connection.commit();
      return 1;
    }

    private static void update(PreparedStatement statement, int delta, int id) throws SQLException {
      statement.setInt(1, delta);
      statement.setInt(2, id);
      statement.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
      connection.rollback();
      connection.close();
    }
  }
}
