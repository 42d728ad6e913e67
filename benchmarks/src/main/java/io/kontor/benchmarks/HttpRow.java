package io.kontor.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * A row over HTTP.
 *
 * @param key its name on the command line
 * @param what what is measured, as a short text
 * @param kind the load generator's kind of request
 * @param accounts how many accounts take part at most
 * @param isTimedAtHalfRate whether the latencies are those at half the maximum rate
 */
record HttpRow(
    String key,
    String what,
    String kind,
    int accounts,
    int connections,
    boolean isTimedAtHalfRate) {
  private static final int ALL_ACCOUNTS = Integer.MAX_VALUE;
  private static final int CONNECTIONS = 64;

  static final List<HttpRow> ALL =
      List.of(
          new HttpRow("d", "deposits over HTTP", "deposit", ALL_ACCOUNTS, CONNECTIONS, true),
          new HttpRow("e", "deposits over HTTP, one hot account", "deposit", 1, CONNECTIONS, false),
          new HttpRow(
              "e'",
              "the same, 10 % refused for lack of funds",
              "deposit-or-refused",
              1,
              CONNECTIONS,
              false),
          new HttpRow("f", "transfers in bulks of 500 over HTTP", "bulk", ALL_ACCOUNTS, 4, false),
          new HttpRow(
              "o",
              "orders of two lines, 64 under way, from placement to confirmation",
              "order",
              ALL_ACCOUNTS,
              CONNECTIONS,
              false));

  /** The row's load on a bank. */
  Load on(BankUnderLoad bank) {
    return new OnBank(this, bank);
  }

  private record OnBank(HttpRow row, BankUnderLoad bank) implements Load {
    @Override
    public String what() {
      return row.what();
    }

    @Override
    public Slice run(Duration time, double perSecond) throws Exception {
      return bank.generator().run(row.kind(), row.accounts(), row.connections(), time, perSecond);
    }

    @Override
    public ProcessTime processes() {
      return bank.processes();
    }

    @Override
    public boolean isTimedAtHalfRate() {
      return row.isTimedAtHalfRate();
    }
  }
}
