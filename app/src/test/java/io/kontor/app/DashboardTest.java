package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Prometheus metrics are for operators only, and contain those that the dashboard and the alerts
 * use.
 */
class DashboardTest {
  private static final String METRICS = "/actuator/prometheus";

  private final BankFixture bank = BankFixture.running();

  @Test
  void onlyAnOperatorScrapes() {
    String tenant = bank.newTenant();
    bank.operator().get(METRICS).expect(200);
    bank.operator().post(METRICS, "{}").expect(403);
    bank.anyone().get(METRICS).expect(401);
    for (String role : new String[] {"teller", "customer", "auditor", "admin"}) {
      bank.anyone().withToken(tenant, "somebody", role).get(METRICS).expect(403);
    }
  }

  @Test
  void everyMetricThatIsDrawnOrAlarmsIsThere() throws IOException {
    Set<String> wanted = new TreeSet<>();
    wanted.addAll(metricsIn("grafana/dashboards/kontor.json"));
    wanted.addAll(metricsIn("alerts.yaml"));
    // KafkaTest has a bank with those.
    wanted.removeIf(name -> name.contains("kafka"));
    // RoutingTest has several nodes.
    wanted.removeIf(name -> name.contains("cluster"));
    // ComposeTest has Redis servers.
    wanted.removeIf(name -> name.contains("redis"));
    assertThat(wanted).contains("kontor_projection_lag", "http_server_requests_seconds_bucket");
    BankClient teller = bank.teller(bank.newTenant());
    String account = teller.openAccount();
    teller.getAfter(teller.deposit(account, "1.00").expect(200), "/v1/accounts/" + account);

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(scraped()).containsAll(wanted));
  }

  @Test
  void aProjectionThatIsUpToDateIsNotBehind() {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () ->
                assertThat(lines().filter(line -> line.startsWith("kontor_projection_lag{")))
                    .anyMatch(line -> line.contains("projection=\"accounts\""))
                    .allMatch(line -> line.endsWith(" 0.0")));
  }

  @Test
  void noProcessStaysBehind() {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () ->
                assertThat(lines().filter(line -> line.startsWith("kontor_process_lag{")))
                    .anyMatch(line -> line.contains("process=\"order-fulfilment\""))
                    .anyMatch(line -> line.contains("process=\"payment-policies\""))
                    .allMatch(line -> line.endsWith(" 0.0")));
  }

  /** There, every metric is followed by its selector. */
  static Set<String> metricsIn(String file) throws IOException {
    return Pattern.compile("\\b([a-z][a-z0-9_]+)\\{")
        .matcher(Files.readString(ComposeFile.FOLDER.resolve(file)))
        .results()
        .map(name -> name.group(1))
        .filter(name -> !name.equals("up"))
        .collect(Collectors.toSet());
  }

  private Set<String> scraped() {
    return lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceAll("[{ ].*", ""))
        .collect(Collectors.toSet());
  }

  private Stream<String> lines() {
    return bank.operator().get(METRICS).expect(200).http().body().lines();
  }
}
