package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the program starts on its folder, and how it ends. */
@Tag("system")
class StartTest {
  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void oneProgramAFolderAndNoDatabaseLeftBehindWhenItIsAskedToStop() throws IOException {
    Path loaded = folder.resolve("classes");
    long begin = System.nanoTime();
    try (var bank =
        BankProcess.start(folder, Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded))) {
      System.out.printf(
          "first answer %d ms after the start%n",
          Duration.ofNanos(System.nanoTime() - begin).toMillis());
      ProcessHandle postgres = BankProcess.postgres(folder).orElseThrow();
      assertThat(postgres.isAlive()).isTrue();

      try (var second = BankProcess.launch(folder)) {
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.output().strip().lines())
            .last()
            .asString()
            .startsWith("kontor: ")
            .contains(folder.toString(), "KONTOR_DATA_DIR");
      }
      bank.anyone().teller("acme");
      try (var classes = Files.lines(loaded)) {
        assertThat(classes)
            .as("no Kafka is configured")
            .noneMatch(one -> one.contains("org.apache.kafka."));
      }

      bank.askToStop();
      assertThat(bank.exitCode()).isIn(0, 130, 143);
      await().atMost(Duration.ofSeconds(5)).until(() -> !postgres.isAlive());
      assertThat(BankProcess.postgres(folder)).isEmpty();
    }
  }
}
