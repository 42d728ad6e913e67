package io.kontor.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The command line's tools, run on a bank's data folder. */
record Tools(Path folder) {

  /** What a tool printed, and its exit code. */
  record Outcome(int code, String out, String err) {
    Outcome expect(int expected) {
      if (code != expected) {
        throw new AssertionError(
            "exit code %d instead of %d:%n%s%s".formatted(code, expected, out, err));
      }
      return this;
    }

    List<String> lines() {
      return out.lines().toList();
    }
  }

  /** Runs {@code kontor arguments --data-dir folder}. */
  Outcome run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data-dir", folder.toString()));
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine kontor =
        KontorCommandLine.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = kontor.execute(all.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }
}
