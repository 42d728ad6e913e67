package io.kontor.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Processor time of servers and of their database, as Linux accounts for it: other programs on the
 * machine hardly change it.
 *
 * @param proc the folder with the processes' accounts
 * @param servers processes that count alone
 * @param postmaster a PostgreSQL server's process, which counts with its backends, those that ended
 *     included
 */
record ProcessTime(Path proc, List<Long> servers, long postmaster) {
  /** Of processes that have no account. */
  static final ProcessTime UNKNOWN = new ProcessTime(Path.of(""), List.of(), 0);

  private static final Path PROC = Path.of("/proc");

  /** The unit of the kernel's figures, the same on every architecture that Java runs on. */
  private static final double MILLIS_PER_TICK = 10;

  ProcessTime(List<Long> servers, long postmaster) {
    this(PROC, servers, postmaster);
  }

  /** Whether the operating system has such an account. */
  static boolean isKnown() {
    return Files.isReadable(PROC.resolve("self/stat"));
  }

  /** Milliseconds so far, to 10 a process; empty where the system has no account. */
  OptionalDouble millis() {
    if (Files.notExists(proc.resolve(Long.toString(postmaster)).resolve("stat"))) {
      return OptionalDouble.empty();
    }
    try {
      Account before;
      long ticks;
      do {
        before = account(postmaster);
        ticks = before.ticks() + children();
        // A backend that ended meanwhile would count twice or not at all.
      } while (account(postmaster).ofEnded() != before.ofEnded());
      for (long server : servers) {
        ticks += account(server).ticks();
      }
      return OptionalDouble.of(ticks * MILLIS_PER_TICK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether they use at most a tenth of a core for {@code time}; true where that is not known. */
  boolean isAtRest(Duration time) throws InterruptedException {
    OptionalDouble before = millis();
    if (before.isEmpty()) {
      return true;
    }
    Thread.sleep(time);
    return millis().orElse(0) - before.getAsDouble() <= time.toMillis() / 10.0;
  }

  private long children() throws IOException {
    Map<Long, Account> accounts = new HashMap<>();
    try (var folders = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path folder : folders) {
        try {
          long process = Long.parseLong(folder.getFileName().toString());
          accounts.put(process, account(process));
        } catch (IOException ended) {
          // its parent accounts for it now
        }
      }
    }
    return accounts.values().stream()
        .filter(account -> isBelow(account, accounts))
        .mapToLong(Account::ticks)
        .sum();
  }

  private boolean isBelow(Account account, Map<Long, Account> accounts) {
    Account parent = accounts.get(account.parent());
    return account.parent() == postmaster || (parent != null && isBelow(parent, accounts));
  }

  private Account account(long process) throws IOException {
    String line = Files.readString(proc.resolve(Long.toString(process)).resolve("stat"));
    if (line.isEmpty()) {
      throw new NoSuchFileException("process " + process);
    }
    return Account.of(line);
  }

  /**
   * The account of one process.
   *
   * @param own ticks of its own
   * @param ofEnded ticks of its children that ended
   */
  record Account(long parent, long own, long ofEnded) {
    /** The name, in brackets, may contain anything. */
    static Account of(String line) {
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      return new Account(
          Long.parseLong(fields[1]),
          Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
          Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
    }

    long ticks() {
      return own + ofEnded;
    }
  }
}
