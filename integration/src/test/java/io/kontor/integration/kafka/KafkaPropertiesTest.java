package io.kontor.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(KafkaProperties.of(environment).bootstrapServers())
        .containsExactly("one:9092", "two:9092");
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
    KafkaProperties settings = KafkaProperties.of(environment);
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
          bootstrap-servers | "" | bootstrap-servers is empty
          bootstrap-servers | kafka | names 'kafka', which is not host:port
          properties.acks | 1 | properties must not set [acks]
          properties.security.protocol | PLEASE | kontor.kafka.properties: Invalid value PLEASE
          topic-prefix | a/b | 'a/b' is no name
          partitions | 0 | partitions is 0, it must be 1 to 1000
          partitions | many | kontor.kafka.partitions can't be 'many'
          replication-factor | 0 | replication-factor is 0
          batch-size | 0 | batch-size is 0
          inbound.concurrency | 0 | inbound.concurrency is 0
          inbound.dead-letters | payments.inbound | are the same
          """)
  void whatCantBeMeantIsRefusedInOneLine(String name, String value, String line) {
    var environment =
        new MockEnvironment()
            .withProperty("kontor.kafka.bootstrap-servers", "one:9092")
            .withProperty("kontor.kafka." + name, value);
    assertThat(OnKafkaCondition.isOn(environment)).isTrue();
    assertThatThrownBy(() -> KafkaProperties.of(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .startsWith("kontor.kafka")
        .contains(line)
        .hasLineCount(1);
  }
}
