package io.kontor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
class GatewayPropertiesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          groups.command=node-1:8080               | kontor.gateway.groups.command
          groups.command=http://node-1:8080/v1     | kontor.gateway.groups.command
          groups.command=ftp://node-1              | kontor.gateway.groups.command
          cors-origins=app.example                 | kontor.gateway.cors-origins
          routes[0].group=nowhere                  | kontor.gateway.groups.nowhere
          routes[0].path=v1                        | kontor.gateway.routes
          routes[0].path=/v1/**                    | kontor.gateway.routes
          routes[0].path=/internal                 | kontor.gateway.routes
          routes[0].path=/actuator/env             | kontor.gateway.routes
          """)
  void anInvalidSettingIsNamed(String setting, String name) {
    Map<String, String> settings = new HashMap<>();
    settings.put("kontor.gateway.groups.command", "http://node-1:8080");
    settings.put("kontor.gateway.routes[0].path", "/v1");
    settings.put("kontor.gateway.routes[0].group", "command");
    String[] sides = setting.split("=", 2);
    settings.put("kontor.gateway." + sides[0], sides[1]);
    Throwable failure =
        catchThrowable(
            () ->
                new Binder(new MapConfigurationPropertySource(settings))
                    .bind("kontor.gateway", GatewayProperties.class));
    while (failure != null && !(failure instanceof InvalidConfigurationPropertyValueException)) {
      failure = failure.getCause();
    }
    assertThat(failure).isNotNull();
    assertThat(((InvalidConfigurationPropertyValueException) failure).getName()).isEqualTo(name);
    assertThat(GatewayStartupReporter.isExpected(failure)).isTrue();
  }

  /** The gateway is a program of its own, so its settings are in a table of its own page. */
  @Test
  void everySettingIsInTheDocumentation() throws IOException {
    String page = Files.readString(Path.of("../docs/gateway.md"));
    try (InputStream json =
        Objects.requireNonNull(
            GatewayProperties.class.getResourceAsStream(
                "/META-INF/spring-configuration-metadata.json"))) {
      for (JsonNode setting : JsonMapper.shared().readTree(json).path("properties")) {
        String name = setting.path("name").asString();
        if (name.startsWith("kontor.gateway.")) {
          String value = setting.path("defaultValue").asString("");
          assertThat(page).contains("| `" + name + (name.endsWith("groups") ? ".*" : "") + "` |");
          assertThat(page).as(name).contains(value.isEmpty() ? "none" : "`" + value + "`");
        }
      }
    }
  }
}
