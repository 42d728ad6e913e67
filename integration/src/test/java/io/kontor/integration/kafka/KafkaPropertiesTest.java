package io.kontor.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

@Tag("fast")
class KafkaPropertiesTest {

  @Test
  void thereIsNoKafkaUntilABrokerIsNamed() {
    var environment = new MockEnvironment().withProperty("kontor.kafka.topic-prefix", "x");
    assertThat(OnKafkaCondition.isOn(environment)).isFalse();
    environment.setProperty("kontor.kafka.bootstrap-servers", "one:9092, two:9092");
    assertThat(OnKafkaCondition.isOn(environment)).isTrue();
    assertThat(bound(environment).bootstrapServers()).containsExactly("one:9092", "two:9092");
  }

  @Test
  void environmentVariablesReachTheClientsOfKafka() {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                "a-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of(
                    "KONTOR_KAFKA_BOOTSTRAPSERVERS", "one:9092",
                    "KONTOR_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SSL",
                    "KONTOR_KAFKA_INBOUND_ENABLED", "false")));
    KafkaProperties settings = bound(environment);
    assertThat(settings.clients())
        .containsEntry("bootstrap.servers", "one:9092")
        .containsEntry("security.protocol", "SSL");
    assertThat(settings.inbound().enabled()).isFalse();
    assertThat(settings.topic("accounts.v1")).isEqualTo("kontor.accounts.v1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          bootstrap-servers | "" | leave it out
          bootstrap-servers | kafka | must be host:port
          properties.acks | 1 | must not be set
          properties.security.protocol | PLEASE | Invalid value PLEASE
          replication-factor | 0 | must be -1
          inbound.dead-letters | payments.inbound | would come back
          """)
  void whatCantBeMeantIsRefusedInOneLine(String name, String value, String line) {
    var environment =
        new MockEnvironment()
            .withProperty("kontor.kafka.bootstrap-servers", "one:9092")
            .withProperty("kontor.kafka." + name, value);
    assertThat(OnKafkaCondition.isOn(environment)).isTrue();
    assertThatThrownBy(() -> bound(environment))
        .rootCause()
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .message()
        .contains("kontor.kafka." + name.replaceAll("^properties\\.security.*", "properties"))
        .contains(line)
        .hasLineCount(1);
  }

  private static KafkaProperties bound(Environment environment) {
    return Binder.get(environment).bindOrCreate(KafkaProperties.PREFIX, KafkaProperties.class);
  }
}
