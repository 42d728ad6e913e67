package io.kontor.command.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The account cache is bounded by memory, whatever the size of the accounts. */
@Tag("system")
class MemoryTest {
  @TempDir private Path directory;

  @Test
  void accountsWithThousandsOfHoldsDoNotFillTheMemory() throws Exception {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Daxoniq.update-checker.disabled=true",
                "-cp",
                System.getProperty("java.class.path"),
                BigAccounts.class.getName(),
                "800")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
      assertThat(Files.readString(output, ISO_8859_1)).contains("asked 800");
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }
}
