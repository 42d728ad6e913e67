package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.app.Client.Answer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node does and says that does not play every part. */
class RolesTest {
  @TempDir private Path folder;

  @Test
  @Timeout(120)
  void aNodeThatAnswersNoReadsSaysSoAndDecidesAllTheSame() {
    try (var bank = BankProcess.start(folder, Map.of("KONTOR_ROLES", "command"))) {
      Client teller = bank.anyone().teller("acme");
      String account = teller.openAccount();
      teller.deposit(account, "10.00").expect(200);
      Answer refused = teller.get("/v1/accounts/" + account).expect(503);
      assertThat(refused.slug()).isEqualTo("not-served-here");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.text("detail")).contains("its roles are command");
      bank.anyone().get("/v1/accounts").expect(401);
      bank.anyone().get("/actuator/health/readiness").expect(200);
      teller.pay(account, "1.00").expect(202);
    }
  }

  @Test
  @Timeout(60)
  void anUnknownRoleEndsTheStartWithOneLine() {
    try (var bank = BankProcess.launch(folder, Map.of("KONTOR_ROLES", "comand"))) {
      assertThat(bank.exitCode()).isEqualTo(2);
      assertThat(bank.output().strip())
          .isEqualTo(
              "kontor: kontor.roles names 'comand', which is none of command, query, projection,"
                  + " saga");
    }
  }
}
