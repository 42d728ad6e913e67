package io.kontor.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/** The gateway: one address in front of nodes with different roles. */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
public class GatewayApplication {
  /** Below that of nodes, which close a connection after 20 s without a request. */
  private static final String KEEP_ALIVE_SECONDS = "10";

  private static final int INVALID_SETTINGS = 2;

  public static void main(String[] arguments) {
    System.setProperty("jdk.httpclient.keepalive.timeout", KEEP_ALIVE_SECONDS);
    try {
      SpringApplication.run(GatewayApplication.class, arguments);
    } catch (RuntimeException reported) {
      System.exit(GatewayStartupReporter.isExpected(reported) ? INVALID_SETTINGS : 1);
    }
  }
}
