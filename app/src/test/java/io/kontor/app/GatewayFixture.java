package io.kontor.app;

import io.kontor.dev.DevSigningKey;
import io.kontor.simulator.Issuer;
import java.nio.file.Path;
import java.util.Map;

/**
 * A gateway in front of the bank in this JVM, as a program of its own. It is started once and
 * shared by all tests.
 */
final class GatewayFixture {
  private GatewayFixture() {}

  /** The running bank, whose clients send their requests to the gateway. */
  static BankFixture bank() {
    return Running.BEHIND_IT;
  }

  /** Started on first use and stopped with the JVM. */
  private static final class Running {
    static final BankFixture BEHIND_IT = start();

    private static BankFixture start() {
      BankFixture node = BankFixture.running();
      Issuer issuer = Issuer.start(node.part("devKey", DevSigningKey.class).jwk());
      String url = "http://localhost:" + node.anyone().port();
      Path folder = DataFolder.temporary("kontor-gateway-");
      BankProcess gateway =
          BankProcess.launchGateway(
              folder,
              Map.of(
                  "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI",
                  issuer.keys(),
                  "KONTOR_GATEWAY_GROUPS_COMMAND",
                  url,
                  "KONTOR_GATEWAY_GROUPS_QUERY",
                  url,
                  // Tests send more forged tokens than an address may in a minute.
                  "KONTOR_LIMITS_ADDRESS",
                  "100000"));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    gateway.kill();
                    issuer.close();
                    DataFolder.delete(folder);
                  },
                  "stop-gateway"));
      return node.through(gateway.awaitReady().port());
    }
  }
}
