package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the program starts on its folder, and how it ends. */
class StartTest {
  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void oneProgramAFolderAndNoDatabaseLeftBehindWhenItIsAskedToStop() {
    long begin = System.nanoTime();
    try (var bank = BankProcess.start(folder)) {
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

      bank.askToStop();
      assertThat(bank.exitCode()).isIn(0, 130, 143);
      await().atMost(Duration.ofSeconds(5)).until(() -> !postgres.isAlive());
      assertThat(BankProcess.postgres(folder)).isEmpty();
    }
  }
}
