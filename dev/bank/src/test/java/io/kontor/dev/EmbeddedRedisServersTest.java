package io.kontor.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.mock.env.MockEnvironment;

class EmbeddedRedisServersTest {
  private final MockEnvironment environment = new MockEnvironment();

  @Test
  void theServersThatAreConfiguredRunAndAreUsed() throws Exception {
    environment.setActiveProfiles("embedded");
    environment.setProperty("kontor.embedded.redis", "3");

    List<String> nodes = nodes();

    assertThat(nodes).hasSize(3).doesNotHaveDuplicates();
    for (String node : nodes) {
      String[] parts = node.split(":", -1);
      try (var socket = new Socket(parts[0], Integer.parseInt(parts[1]))) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
  }

  @Test
  void noServerIsStartedUnlessConfiguredOrWithoutTheProfile() {
    environment.setProperty("kontor.embedded.redis", "3");
    assertThat(nodes()).isEmpty();

    environment.setProperty("kontor.embedded.redis", "0");
    environment.setActiveProfiles("embedded");
    assertThat(nodes()).isEmpty();
  }

  @Test
  void tooManyServersAreRejected() {
    environment.setActiveProfiles("embedded");
    environment.setProperty("kontor.embedded.redis", "10");

    assertThatThrownBy(this::nodes)
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("must be 0 to 9");
  }

  private List<String> nodes() {
    new EmbeddedRedisServers().postProcessEnvironment(environment, new SpringApplication());
    return Binder.get(environment)
        .bind("kontor.redis.nodes", Bindable.listOf(String.class))
        .orElse(List.of());
  }
}
