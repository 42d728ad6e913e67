package io.kontor.app.cli.demo;

import io.kontor.api.account.AccountId;
import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.Schedule;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionFailed;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderCreated;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderExecuted;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.api.standingorder.StandingOrderTerms;
import io.kontor.command.standingorder.ExecutionCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The everyday life of a tenant's customers: salaries, rents, cards, cash. */
final class DemoYear {
  private static final Duration LENGTH = Duration.ofDays(365);
  private static final Duration OPENINGS = Duration.ofDays(10);
  private static final Duration FIRST_RENT_AFTER = Duration.ofDays(20);
  private static final String TELLER = "tim";
  private static final int SALARY_DAY = 25;

  /** Every so many customers, one pays rent by standing order, and one receives rents. */
  private static final int PAYS_RENT = 6;

  private static final int LANDLORD = 9;
  private static final List<String> SHOPS =
      List.of("Bakery", "Groceries", "Pharmacy", "Train tickets", "Restaurant", "Books", "Petrol");

  private final DemoContext demo;
  private final Timeline timeline;
  private final ExecutionCalendar calendar;
  private final Instant start;

  /**
   * @param timeline the year ends where it ends
   */
  DemoYear(DemoContext demo, Timeline timeline, ExecutionCalendar calendar) {
    this.demo = demo;
    this.timeline = timeline;
    this.calendar = calendar;
    this.start = startOf(timeline);
  }

  /** When a year begins that ends with the timeline. */
  static Instant startOf(Timeline timeline) {
    return timeline.end().minus(LENGTH).truncatedTo(ChronoUnit.MILLIS);
  }

  /** Plans the year of so many customers. */
  void plan(int customers) {
    for (int number = 0; number < customers; number++) {
      int customer = number;
      timeline.at(
          start.plus(OPENINGS.multipliedBy(number).dividedBy(customers)), at -> open(at, customer));
    }
  }

  private void open(Instant at, int number) {
    String customer = DemoTenant.customer(number);
    String owner = DemoTenant.owner(number);
    var account =
        new DemoAccount(
            new AccountId(demo.tenant().id(), demo.id(at)),
            customer,
            owner,
            demo.tenant().currency());
    demo.accounts().add(account);
    demo.add(at, TELLER, account.open(demo.sealName(customer, owner)));
    demo.add(
        at, TELLER, account.deposit(demo.id(at), demo.between(50_000, 500_000), "First deposit"));
    planMonths(at, account, demo.between(180_000, 420_000));
    if (number % PAYS_RENT == 0) {
      LocalDate first = at.plus(FIRST_RENT_AFTER).atZone(ZoneOffset.UTC).toLocalDate();
      timeline.at(at.plus(OPENINGS), created -> orderRent(created, account, first));
    }
  }

  private void planMonths(Instant opened, DemoAccount account, int salary) {
    months(opened)
        .forEach(
            month -> {
              Instant payday = month.atDay(SALARY_DAY).atTime(8, 0).toInstant(ZoneOffset.UTC);
              once(opened, payday, Duration.ofHours(2), at -> salary(at, account, salary));
              once(opened, month, at -> withdrawCash(at, account));
              for (int card = 0; card < 3; card++) {
                once(opened, month, at -> payByCard(at, account));
              }
              if (demo.inOneOf(3)) {
                once(opened, month, at -> sendToAFriend(at, account));
              }
            });
  }

  private Stream<YearMonth> months(Instant opened) {
    YearMonth first = YearMonth.from(opened.atZone(ZoneOffset.UTC));
    YearMonth last = YearMonth.from(timeline.end().atZone(ZoneOffset.UTC));
    return Stream.iterate(first, month -> !month.isAfter(last), month -> month.plusMonths(1));
  }

  private void once(Instant opened, YearMonth month, Consumer<Instant> action) {
    Instant from = month.atDay(1).atTime(7, 0).toInstant(ZoneOffset.UTC);
    once(opened, from, Duration.ofDays(month.lengthOfMonth() - 1L), action);
  }

  private void once(Instant opened, Instant from, Duration within, Consumer<Instant> action) {
    Instant time = demo.between(from, from.plus(within));
    if (time.isAfter(opened)) {
      timeline.at(time, action);
    }
  }

  private void salary(Instant at, DemoAccount account, int amount) {
    if (account.isOpen()) {
      String month = YearMonth.from(at.atZone(ZoneOffset.UTC)).toString();
      demo.add(at, TELLER, account.deposit(demo.id(at), amount, "Salary " + month));
    }
  }

  private void withdrawCash(Instant at, DemoAccount account) {
    int amount = demo.between(2, 40) * 1_000;
    if (account.has(amount)) {
      demo.add(at, TELLER, account.withdraw(demo.id(at), amount, "Cash"));
    }
  }

  /** The shop holds the amount and captures it a day or two later. */
  private void payByCard(Instant at, DemoAccount account) {
    int amount = demo.between(300, 18_000);
    if (account.has(amount)) {
      String shop = demo.any(SHOPS);
      UUID hold = demo.id(at);
      demo.add(at, account.customer(), account.hold(hold, amount, shop, null));
      timeline.at(
          at.plus(Duration.ofHours(demo.between(12, 48))),
          later -> capture(later, account, hold, amount, shop));
    }
  }

  private void capture(Instant at, DemoAccount account, UUID hold, int amount, String shop) {
    if (account.isOpen()) {
      demo.add(at, TELLER, account.capture(hold, demo.id(at), amount, shop, null));
    }
  }

  private void sendToAFriend(Instant at, DemoAccount account) {
    DemoAccount friend = demo.anyAccount();
    int amount = demo.between(1, 25) * 500;
    if (!friend.equals(account) && friend.isOpen() && account.has(amount)) {
      demo.add(
          at,
          account.customer(),
          (Object[]) account.transfer(friend, demo.id(at), demo.id(at), amount, "Thank you"));
    }
  }

  private void orderRent(Instant at, DemoAccount tenant, LocalDate first) {
    DemoAccount landlord = demo.accounts().get(LANDLORD % demo.accounts().size());
    var order = new StandingOrderId(demo.tenant().id(), demo.id(at));
    var schedule =
        new Schedule(
            first,
            Rhythm.MONTHLY,
            null,
            null,
            null,
            BusinessDayRule.FOLLOWING,
            calendar.names().getFirst());
    int rent = demo.between(45, 95) * 1_000;
    PlannedExecution next = execution(schedule, 1);
    if (next != null && !landlord.equals(tenant)) {
      var terms =
          new StandingOrderTerms(
              tenant.id(), landlord.id(), null, tenant.money(rent), "Rent", schedule);
      demo.add(
          at, tenant.customer(), new StandingOrderCreated(order, tenant.customer(), terms, next));
      planRent(order, tenant, landlord, rent, schedule, next);
    }
  }

  private void planRent(
      StandingOrderId order,
      DemoAccount tenant,
      DemoAccount landlord,
      int rent,
      Schedule schedule,
      PlannedExecution execution) {
    timeline.at(
        execution.at(),
        at -> {
          PlannedExecution next = execution(schedule, execution.number() + 1);
          if (tenant.has(rent) && landlord.isOpen()) {
            var transfer = order.executionOn(execution.dueDate());
            var legs = tenant.transfer(landlord, transfer, demo.id(at), rent, "Rent");
            demo.add(
                at,
                DemoContext.SYSTEM,
                legs[0],
                legs[1],
                new StandingOrderExecuted(order, execution, transfer, next));
          } else {
            demo.add(
                at,
                DemoContext.SYSTEM,
                new ExecutionFailed(order, execution, "the money was missing", next));
          }
          if (next != null) {
            planRent(order, tenant, landlord, rent, schedule, next);
          }
        });
  }

  private @Nullable PlannedExecution execution(Schedule schedule, int number) {
    return calendar.execution(schedule, number).orElse(null);
  }
}
