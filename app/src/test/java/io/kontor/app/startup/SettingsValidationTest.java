package io.kontor.app.startup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.app.KontorCommandLine;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.eventstore.EventStoreProperties;
import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.personaldata.MasterKeyProperties;
import io.kontor.projection.live.ProjectionProperties;
import io.kontor.projection.rebuild.RebuildProperties;
import io.kontor.sagas.order.OrderSagaProperties;
import io.kontor.sagas.payment.ClearingProperties;
import io.kontor.sagas.shipment.CarrierProperties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Import;

@Tag("fast")
class SettingsValidationTest {
  private final ApplicationContextRunner kontor =
      new ApplicationContextRunner()
          .withUserConfiguration(Settings.class)
          .withPropertyValues("kontor.kafka.bootstrap-servers=kafka:9092");

  @ConfigurationPropertiesScan(basePackageClasses = KontorCommandLine.class)
  @EnableConfigurationProperties({
    DatabaseTimeouts.class,
    EventStoreProperties.class,
    MasterKeyProperties.class,
    ProjectionProperties.class,
    RebuildProperties.class,
    OrderSagaProperties.class,
    ClearingProperties.class,
    CarrierProperties.class,
    KafkaProperties.class
  })
  @Import(SettingsValidation.class)
  static class Settings {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kontor.event-store.snapshot-every | 0 | 1
          kontor.event-store.max-queued-commands | 0 | 1
          kontor.event-store.max-queued-bytes | -1B | size such as 64MB
          kontor.event-store.cache-size | much | size such as 64MB
          kontor.event-store.command-timeout | -1s | 0
          kontor.projections.batch-size | 100001 | 100000
          kontor.projections.rebuild.share | 1.5 | 1
          kontor.projections.rebuild.step-timeout | 25h | 24 hours
          kontor.projections.rebuild.keep-previous | perhaps | true or false
          kontor.db.timeouts.idle-in-transaction | 61s | 60 seconds
          kontor.db.timeouts.pool | 0s | 1 second
          kontor.orders.step-time | soon | duration such as 10s
          kontor.orders.most-attempts | 0 | 1
          kontor.clearing.url | clearing.example | URL such as
          kontor.carrier.concurrency | many | whole number
          kontor.tracing.endpoint | http://collector | http://collector:4318/v1/traces
          kontor.tracing.share | 10 % | number
          kontor.tracing.share | NaN | 0
          kontor.kafka.partitions | 0 | 1
          kontor.kafka.inbound.concurrency | 101 | 100
          kontor.kafka.topic-prefix | a/b | letters
          """)
  void anInvalidValueIsNamedWithWhatWouldBeRight(String property, String value, String right) {
    assertThat(rejection(property + "=" + value))
        .startsWith("%s is '%s': must be ".formatted(property, value))
        .contains(right)
        .hasLineCount(1);
  }

  @Test
  void aPauseThatShrinksIsRejected() {
    assertThat(rejection("kontor.carrier.first-retry=1m"))
        .isEqualTo("kontor.carrier.longest-retry is 'PT30S': must be at least first-retry");
  }

  @Test
  void allInvalidValuesOfARecordAreNamedInOneLine() {
    assertThat(rejection("kontor.orders.most-attempts=0", "kontor.orders.hold-time=0s"))
        .contains("kontor.orders.hold-time is '0s': ")
        .contains("; kontor.orders.most-attempts is '0': ")
        .hasLineCount(1);
  }

  @Test
  void noSecretIsShown() {
    assertThat(rejection("kontor.master.former-keys=hunter2"))
        .startsWith("kontor.master.former-keys is '******': ");
    assertThat(rejection("kontor.kafka.properties.security.protocol=hunter2"))
        .doesNotContain("'hunter2'");
    assertThat(rejection("kontor.clearing.url=ftp://alice:hunter2@:1"))
        .startsWith("kontor.clearing.url is 'ftp://******@:1': ");
  }

  @Test
  void nothingElseIsMadeWithAnInvalidSetting() {
    var made = new AtomicBoolean();
    kontor
        .withBean("database", AtomicBoolean.class, () -> made(made))
        .withPropertyValues("kontor.orders.most-attempts=0")
        .run(context -> assertThat(context).hasFailed());
    assertThat(made).isFalse();
  }

  private static AtomicBoolean made(AtomicBoolean made) {
    made.set(true);
    return made;
  }

  private String rejection(String... settings) {
    var line = new StringBuilder();
    kontor
        .withPropertyValues(settings)
        .run(
            context -> {
              line.append(
                  new StartupFailureAnalyzer()
                      .analyze(context.getStartupFailure())
                      .getDescription());
            });
    return line.toString();
  }
}
