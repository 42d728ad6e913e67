package io.kontor.testsupport;

import java.time.Duration;
import org.opentest4j.TestAbortedException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * An Axon Server for tests. It may contain events of earlier runs, so each test uses new tenants.
 */
public final class TestAxonServer {
  private static final String IMAGE = "axoniq/axonserver:2024.2.4-jdk-17";
  private static final int HTTP = 8024;
  private static final int GRPC = 8124;

  private TestAxonServer() {}

  /**
   * Its address, {@code host:port}: a container, or the server that {@code KONTOR_TEST_AXONSERVER}
   * names.
   *
   * @throws TestAbortedException when there is none, so that the test is skipped with a reason
   */
  public static String address() {
    String named = System.getenv("KONTOR_TEST_AXONSERVER");
    if (named != null && !named.isBlank()) {
      return named;
    }
    if (ContainerSupport.areUsed()) {
      return Container.ADDRESS;
    }
    throw new TestAbortedException(
        "no Axon Server: set KONTOR_TEST_AXONSERVER=host:port, or KONTOR_TEST_CONTAINERS=true where"
            + " a Docker engine is");
  }

  /** Started on first use, stopped when the JVM ends. */
  private static final class Container {
    static final String ADDRESS = start();

    @SuppressWarnings("resource") // lives as long as the JVM
    private static String start() {
      var server =
          new GenericContainer<>(IMAGE)
              .withExposedPorts(HTTP, GRPC)
              .withEnv("AXONIQ_AXONSERVER_STANDALONE", "true")
              .waitingFor(
                  Wait.forHttp("/actuator/health")
                      .forPort(HTTP)
                      .withStartupTimeout(Duration.ofMinutes(2)));
      server.start();
      return server.getHost() + ":" + server.getMappedPort(GRPC);
    }
  }
}
