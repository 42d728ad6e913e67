package io.kontor.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * A row over HTTP.
 *
 * @param key its name on the command line
 * @param data what the bank has before
 * @param what what is measured, as a short text
 * @param kind the load generator's kind of request
 * @param accounts how many accounts take part at most
 * @param isTimedAtHalfRate whether the latencies are those at half the maximum rate
 */
record HttpRow(
    String key,
    Data data,
    String what,
    String kind,
    int accounts,
    int connections,
    boolean isTimedAtHalfRate) {
  private static final int ALL = Integer.MAX_VALUE;
  private static final int CONNECTIONS = 64;

  /** An order's answer waits for its process, which shares what it waits for with others. */
  private static final int ORDERS = 512;

  /** What a bank has before it is measured. */
  enum Data {
    /** Accounts, opened over HTTP. */
    ACCOUNTS,
    /** A history of a million events on ten thousand accounts. */
    HISTORY,
    /** Ten million events on a million accounts. */
    GROWN
  }

  static final List<HttpRow> ROWS =
      List.of(
          row("d", Data.ACCOUNTS, "deposits over HTTP", "deposit", ALL, CONNECTIONS).atHalfRate(),
          row("e", Data.ACCOUNTS, "the same, one hot account", "deposit", 1, CONNECTIONS),
          row(
              "e'",
              Data.ACCOUNTS,
              "the same, 10 % refused for lack of funds",
              "deposit-or-refused",
              1,
              CONNECTIONS),
          row("f", Data.ACCOUNTS, "transfers in bulks of 500 over HTTP", "bulk", ALL, 4),
          row(
              "f'",
              Data.ACCOUNTS,
              "transfers in streams of 5,000 lines over HTTP",
              "stream",
              ALL,
              2),
          row(
              "o",
              Data.ACCOUNTS,
              "orders of two lines, 512 under way, from placement to confirmation",
              "order",
              ALL,
              ORDERS),
          row("q1", Data.HISTORY, "an account by its id", "account", ALL, CONNECTIONS),
          row("q2", Data.HISTORY, "a page of 50 postings", "postings", ALL, CONNECTIONS),
          row("q3", Data.HISTORY, "the trial balance", "trial-balance", ALL, CONNECTIONS),
          row("m", Data.HISTORY, "two deposits for eight reads", "mixed", ALL, CONNECTIONS)
              .atHalfRate(),
          row("w1", Data.GROWN, "deposits on a large history", "deposit", ALL, CONNECTIONS),
          row(
              "w2",
              Data.GROWN,
              "accounts by their ids on a large history",
              "account",
              ALL,
              CONNECTIONS));

  private static HttpRow row(
      String key, Data data, String what, String kind, int accounts, int connections) {
    return new HttpRow(key, data, what, kind, accounts, connections, false);
  }

  private HttpRow atHalfRate() {
    return new HttpRow(key, data, what, kind, accounts, connections, true);
  }

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
