package io.kontor.app.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Progress of a long operation: a bar on a terminal, a line every few seconds in a pipe. */
public final class ProgressBar implements AutoCloseable {
  private static final long ON_TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
  private static final long IN_PIPE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int WIDTH = 30;

  private final PrintWriter out;
  private final String what;
  private final long total;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private long lastShown = start;
  private long first;
  private long done;

  /**
   * @param out standard error, so that progress never mixes with a result
   * @param total the amount of work; 0 when unknown
   */
  public ProgressBar(PrintWriter out, String what, long total) {
    this.out = out;
    this.what = what;
    this.total = total;
    this.terminal = isTerminal();
  }

  /** Sets the amount done before the start, which does not count for the rate. */
  public void startAt(long already) {
    first = already;
    done = already;
  }

  /** Sets the amount done in total. */
  public void reached(long count) {
    done = count;
    long now = System.nanoTime();
    if (now - lastShown >= (terminal ? ON_TERMINAL_NANOS : IN_PIPE_NANOS)) {
      lastShown = now;
      show();
    }
  }

  /** Shows the final state. */
  @Override
  public void close() {
    if (terminal || done > 0) {
      show();
      if (terminal) {
        out.println();
      }
      out.flush();
    }
  }

  private void show() {
    double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
    double rate = (done - first) / seconds;
    String text =
        total > 0
            ? "%s %,d of %,d (%d %%), %,.0f/s%s"
                .formatted(what, done, total, 100 * done / total, rate, remaining(rate))
            : "%s %,d, %,.0f/s".formatted(what, done, rate);
    if (terminal) {
      out.printf(Locale.ROOT, "\r%s%s\u001b[K", bar(), text);
    } else {
      out.println(text);
    }
    out.flush();
  }

  // JDKs differ in whether there is a console when input and output are no terminal.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private String bar() {
    if (total == 0) {
      return "";
    }
    int filled = (int) Math.min(WIDTH, WIDTH * done / total);
    return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "] ";
  }

  private String remaining(double rate) {
    if (rate < 1 || done >= total) {
      return "";
    }
    Duration left = Duration.ofSeconds((long) ((total - done) / rate));
    return ", %d:%02d left".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
