package io.kontor.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command refuses, before it starts anything. */
@Tag("fast")
class BenchmarkCommandTest {
  @TempDir private Path folder;

  @Test
  void anUnknownRowIsRejected() {
    assertThat(refusal("a,zz")).startsWith("there is no row [zz], only");
  }

  @Test
  void turnsSlicesAndAccountsMustBePositive() {
    assertThat(refusal("a", "--turns", "0")).isEqualTo("--turns must be at least 1");
    assertThat(refusal("a", "--slice", "0")).isEqualTo("--slice must be at least 1");
    assertThat(refusal("a", "--warm-up", "-1")).isEqualTo("--warm-up must not be negative");
    assertThat(refusal("d", "--accounts", "1")).isEqualTo("--accounts must be at least 2");
  }

  @Test
  void buildsMustExist() throws IOException {
    Path build = Files.createFile(folder.resolve("kontor-dev.jar"));

    assertThat(refusal("d", "--before", "none.jar")).isEqualTo("there is no file none.jar");
    assertThat(refusal("d", "--before", build.toString(), "--jar", "none.jar"))
        .startsWith("there is no file none.jar");
    assertThat(refusal("d", "--jar", "none.jar")).startsWith("there is no file none.jar");
  }

  @Test
  void onlyRowsOverHttpCompareBuilds() throws IOException {
    Path build = Files.createFile(folder.resolve("kontor-dev.jar"));

    assertThat(refusal("c,d,q,w1,h", "--before", build.toString()))
        .isEqualTo("--before compares servers over HTTP, not the rows [c, h]");
  }

  /** The one line that the command prints before it ends with exit code 2. */
  private static String refusal(String... arguments) {
    var printed = new StringWriter();
    int exitCode =
        BenchmarkCommand.commandLine().setErr(new PrintWriter(printed, true)).execute(arguments);

    assertThat(exitCode).isEqualTo(2);
    assertThat(printed.toString().strip().lines()).singleElement().asString().startsWith("bench: ");
    return printed.toString().strip().substring("bench: ".length());
  }
}
