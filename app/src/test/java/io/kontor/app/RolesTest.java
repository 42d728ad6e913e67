package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Unknown roles are reported. */
@Tag("system")
class RolesTest {
  @TempDir private Path folder;

  @Test
  @Timeout(60)
  void anUnknownRoleEndsTheStartWithOneLine() {
    try (var bank = BankProcess.launch(folder, Map.of("KONTOR_ROLES", "comand"))) {
      assertThat(bank.exitCode()).isEqualTo(2);
      assertThat(bank.output().strip())
          .isEqualTo(
              "kontor: kontor.roles is 'comand': 'comand' is none of command, query, projection,"
                  + " saga");
    }
  }
}
