package io.kontor.testsupport;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.kontor.kafka.KafkaServerProvider;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * Kafka in a container, when tests use containers. A restart keeps the container, its data and its
 * port. The port is fixed here and not chosen by the container engine, which therefore has to be on
 * this machine.
 */
public final class KafkaContainerProvider implements KafkaServerProvider {
  private static final String IMAGE = "apache/kafka:4.1.2";
  private static final int INSIDE = 9092;
  private static final int SECONDS_TO_STOP = 30;
  private static final int SECONDS_TO_START = 60;

  private @Nullable GenericContainer<?> container;

  /** For the service loader. */
  public KafkaContainerProvider() {}

  @Override
  public boolean isToBeUsed() {
    return ContainerSupport.areUsed();
  }

  @Override
  @SuppressWarnings("resource") // lives until it is deleted
  public void create(int outside, Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>();
    settings.forEach((name, value) -> environment.put(variable(name), value));
    environment.put("KAFKA_LISTENERS", "PLAINTEXT://:%d,CONTROLLER://:9093".formatted(INSIDE));
    environment.put("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://127.0.0.1:" + outside);
    environment.put("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093");
    container =
        new GenericContainer<>(IMAGE)
            .withEnv(environment)
            .withExposedPorts(INSIDE)
            .withCreateContainerCmdModifier(
                command ->
                    Objects.requireNonNull(command.getHostConfig())
                        .withPortBindings(
                            new PortBinding(
                                Ports.Binding.bindIpAndPort("127.0.0.1", outside),
                                new ExposedPort(INSIDE))))
            .waitingFor(
                Wait.forLogMessage(".*Kafka Server started.*", 1)
                    .withStartupTimeout(Duration.ofSeconds(SECONDS_TO_START)));
    container.start();
  }

  @Override
  public void stop() {
    docker().stopContainerCmd(id()).withTimeout(SECONDS_TO_STOP).exec();
  }

  @Override
  public void restart() {
    docker().startContainerCmd(id()).exec();
  }

  @Override
  public void delete() {
    Objects.requireNonNull(container).stop();
  }

  private String id() {
    return Objects.requireNonNull(container).getContainerId();
  }

  private static DockerClient docker() {
    return DockerClientFactory.lazyClient();
  }

  /** The image's environment variable of a setting. */
  private static String variable(String setting) {
    return "KAFKA_" + setting.replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
