package io.kontor.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.benchmarks.ProcessTime.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("fast")
class ProcessTimeTest {
  @TempDir private Path proc;

  @Test
  void aNameMayContainBracketsAndSpaces() {
    assertThat(Account.of(line(7, "postgres: (a) b) c", 3, 10, 20, 3, 4)))
        .isEqualTo(new Account(3, 30, 7));
  }

  @Test
  void backendsCountWithThoseThatEndedAndServersCountAlone() throws IOException {
    process(10, 1, 100, 10, 5, 5); // the postmaster, with what its ended backends used
    process(11, 10, 40, 2, 0, 0); // a backend
    process(12, 11, 1, 0, 0, 0); // what a backend started
    process(20, 1, 300, 30, 0, 0); // the server
    process(30, 1, 5000, 0, 0, 0); // the load generator
    process(31, 20, 5000, 0, 0, 0); // something that the server started

    assertThat(new ProcessTime(proc, List.of(20L), 10).millis())
        .hasValue(10.0 * (120 + 42 + 1 + 330));
  }

  @Test
  void withoutTheSystemsAccountsTheTimeIsUnknownAndAllAreAtRest() throws InterruptedException {
    var unknown = new ProcessTime(proc, List.of(20L), 10);

    assertThat(unknown.millis()).isEmpty();
    assertThat(unknown.isAtRest(Duration.ofDays(1))).isTrue();
  }

  private void process(long id, long parent, long user, long system, long ended, long endedSystem)
      throws IOException {
    Path folder = Files.createDirectory(proc.resolve(Long.toString(id)));
    Files.writeString(
        folder.resolve("stat"), line(id, "some", parent, user, system, ended, endedSystem));
  }

  private static String line(
      long id, String name, long parent, long user, long system, long ended, long endedSystem) {
    return "%d (%s) S %d 1 1 0 -1 4194560 1 2 3 4 %d %d %d %d 20 0 1 0 99 0 0\n"
        .formatted(id, name, parent, user, system, ended, endedSystem);
  }
}
