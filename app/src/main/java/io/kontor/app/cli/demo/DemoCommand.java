package io.kontor.app.cli.demo;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.app.cli.ProgressBar;
import io.kontor.app.messaging.NewEventProcessors;
import io.kontor.app.startup.SettingsBinder;
import io.kontor.command.standingorder.ExecutionCalendar;
import io.kontor.command.standingorder.StandingOrderProperties;
import io.kontor.eventstore.archive.ChainedEventWriter;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.read.EventReader;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.registry.TenantRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Fills an empty embedded bank. Its processes do not act upon the year, which is over; they act
 * upon the last minutes when the bank starts, and come to orders that they can't finish.
 */
@Command(
    name = "demo",
    description = {
      "Fill an empty bank with a year of two made-up tenants, so that there is something to see.",
      "Only for the embedded database, whose clearing house and carrier are simulated. Stop the",
      "bank before. Interrupted, it stores nothing, or the year without the last half an hour."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  private static final int LEAST = 20;
  private static final int MOST = 5_000;

  /** What happens in the last minutes is left to the bank. */
  private static final Duration TODAY = Duration.ofMinutes(30);

  /** The longest time that a payment takes, returns included. */
  private static final Duration PAYMENT_TIME = Duration.ofDays(4);

  private static final int PAYMENTS_EACH = 2;
  private static final int STUCK = 3;

  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--customers",
      paramLabel = "N",
      description = "how many customers both tenants have together, 20 to 5000 (${DEFAULT-VALUE})")
  private int customers = 200;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "another number makes another year (${DEFAULT-VALUE})")
  private int seed = 1;

  @Override
  public Integer call() throws SQLException {
    if (customers < LEAST || customers > MOST) {
      throw CliSupport.misused(spec, "--customers: must be %,d to %,d".formatted(LEAST, MOST));
    }
    if (!which.isLocal()) {
      throw new CliException(
          "a demo is for the embedded database, whose clearing house and carrier are simulated");
    }
    try (CliDatabase bank = which.openOrCreate()) {
      requireEmpty(bank);
      var transactions = new TenantTransactions(bank.app());
      var registry = new TenantRegistry(transactions, bank.app());
      for (DemoTenant tenant : DemoTenant.BOTH) {
        registry.register(tenant.id(), tenant.name(), null);
      }
      long stored =
          write(bank, PersonalDataService.of(transactions, bank.app(), which.masterKeysOf(bank)));
      CliSupport.out(spec)
          .printf(
              "%,d events of %d customers are stored. Start the bank with ./kontor run, and open"
                  + " http://localhost:8080/console%n",
              stored, customers);
      return 0;
    }
  }

  private static void requireEmpty(CliDatabase bank) {
    if (new EventReader(bank.worker()).head() > 0) {
      throw new CliException(
          "this bank has events already: a demo is for an empty one, such as that of a new"
              + " --data-dir");
    }
    if (bank.isShared()) {
      throw new CliException("the bank is running: stop it before");
    }
  }

  private long write(CliDatabase bank, PersonalDataService personalData) throws SQLException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var random = new Random(seed);
    var history = new EventHistory(random);
    var year = new Timeline(now.minus(TODAY));
    var today = new Timeline(now);
    var calendar =
        new ExecutionCalendar(
            new SettingsBinder(which.environment()).bind(StandingOrderProperties.class));
    for (DemoTenant tenant : DemoTenant.BOTH) {
      var demo = new DemoContext(tenant, history, random, personalData);
      new DemoYear(demo, year, calendar).plan(customers / DemoTenant.BOTH.size());
      var orders = new DemoOrders(demo);
      planYear(demo, orders, year);
      planToday(demo, orders, today);
    }
    try (var progress = new ProgressBar(CliSupport.err(spec), "a year", 0)) {
      year.run(progress::reached);
    }
    List<StoredEvent> past = history.take();
    today.run(happened -> {});
    List<StoredEvent> last = history.take();
    CliSupport.err(spec).printf("storing %,d events%n", past.size() + last.size());
    CliSupport.err(spec).flush();
    store(bank, past, NewEventProcessors.NAMES);
    store(bank, last, List.of());
    return (long) past.size() + last.size();
  }

  private void planYear(DemoContext demo, DemoOrders orders, Timeline year) {
    var payments = new DemoPayments(demo, year);
    Instant start = DemoYear.startOf(year);
    Instant busy = start.plus(Duration.ofDays(20));
    Instant end = year.end().minus(PAYMENT_TIME);
    year.at(start, orders::stock);
    for (int i = 0; i < customers * PAYMENTS_EACH / 2; i++) {
      payments.planFinished(demo.between(busy, end));
    }
    for (int i = 0; i < customers / 2; i++) {
      year.at(demo.between(busy, year.end()), orders::finish);
    }
    for (int i = 0; i < STUCK; i++) {
      payments.planUnknown(demo.between(end, year.end().minus(Duration.ofDays(1))));
    }
    payments.planUnbookable(end);
  }

  private static void planToday(DemoContext demo, DemoOrders orders, Timeline today) {
    Instant from = today.end().minus(TODAY);
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < STUCK; i++) {
      times.add(demo.between(from, today.end()));
    }
    var payments = new DemoPayments(demo, today);
    for (Instant time : times) {
      today.at(time, orders::leave);
      today.at(time, orders::getStuck);
      payments.planRequested(time);
    }
  }

  /** All or nothing. */
  private static void store(
      CliDatabase bank, List<StoredEvent> events, Collection<String> processesThatPass)
      throws SQLException {
    try (var writer = new ChainedEventWriter(bank.worker(), processesThatPass)) {
      writer.append(events);
    }
  }
}
