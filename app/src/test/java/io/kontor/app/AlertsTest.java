package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The alerts by Prometheus' own judgement, where its {@code promtool} is installed. */
@Tag("system")
class AlertsTest {

  @Test
  void theAlertsFireWhenTheyShould() throws Exception {
    assumeTrue(isInstalled("promtool"), "promtool is not installed");
    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", "alerts.test.yaml")
            .directory(ComposeFile.FOLDER.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(promtool.waitFor()).as(output).isZero();
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
