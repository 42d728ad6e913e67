package io.kontor.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountStatus;
import io.kontor.api.endofday.DayCount;
import io.kontor.api.endofday.FeeRhythm;
import io.kontor.api.ledger.EntryKind;
import io.kontor.api.order.OrderStatus;
import io.kontor.api.order.OrderStep;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.api.process.ProcessState;
import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.ExecutionOutcome;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.StandingOrderStatus;
import io.kontor.console.page.NotificationKinds;
import io.kontor.tenancy.registry.TenantIsolation;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The texts of the pages are complete in both languages. */
@Tag("fast")
class PageTextsTest {
  private static final Path FOLDER = Path.of("src/main/resources/console");
  private static final Pattern NAMED = Pattern.compile("#\\{([a-z.-]+)");

  @Test
  void eachTextIsThereInBothLanguages() throws IOException {
    assertThat(texts("messages_de.properties").stringPropertyNames())
        .containsExactlyInAnyOrderElementsOf(texts("messages.properties").stringPropertyNames());
  }

  @Test
  void eachTextThatATemplateNamesIsThere() throws IOException {
    Set<String> named = new TreeSet<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path template : files.filter(file -> file.toString().endsWith(".html")).toList()) {
        NAMED
            .matcher(Files.readString(template))
            .results()
            .forEach(name -> named.add(name.group(1)));
      }
    }
    assertThat(texts("messages.properties").stringPropertyNames()).containsAll(named);
  }

  @Test
  void eachValueThatPagesShowHasAText() throws IOException {
    Map<String, Object[]> shown =
        Map.ofEntries(
            Map.entry("account.status", AccountStatus.values()),
            Map.entry("posting.kind", EntryKind.values()),
            Map.entry("payment.status", PaymentStatus.values()),
            Map.entry("process.state", ProcessState.values()),
            Map.entry("order.status", OrderStatus.values()),
            Map.entry("order.step", OrderStep.values()),
            Map.entry("standing-order.status", StandingOrderStatus.values()),
            Map.entry("standing-order.rhythm", Rhythm.values()),
            Map.entry("standing-order.rule", BusinessDayRule.values()),
            Map.entry("standing-order.outcome", ExecutionOutcome.values()),
            Map.entry("notification.kind", NotificationKinds.ALL.toArray()),
            Map.entry("tenant.isolation", TenantIsolation.values()),
            Map.entry("conditions.day-count", DayCount.values()),
            Map.entry("conditions.fee-rhythm", FeeRhythm.values()));
    // an order's timeline has these beside the steps
    var keys =
        new TreeSet<>(
            Set.of("order.step.PLACEMENT", "order.step.CANCELLATION", "order.step.PROCESS"));
    shown.forEach((key, values) -> Arrays.stream(values).forEach(one -> keys.add(key + "." + one)));
    assertThat(texts("messages.properties").stringPropertyNames()).containsAll(keys);
  }

  private static Properties texts(String file) throws IOException {
    var texts = new Properties();
    try (Reader reader = Files.newBufferedReader(FOLDER.resolve(file), UTF_8)) {
      texts.load(reader);
    }
    return texts;
  }
}
