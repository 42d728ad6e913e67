package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Standing orders with weekly due dates of most of a year that were all missed. None is executed
 * before {@link #begin}.
 */
final class OverdueStandingOrders {
  private static final int DAYS_AGO = 360;

  /** How far back the node's clock has to be when they are created. */
  static final Duration AGO = Duration.ofDays(DAYS_AGO);

  private static final int ORDERS = 4;
  private static final int DUE_DATES = 50;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String PATH = "/v1/standing-orders";

  private final TenantId tenant;
  private final JdbcClient worker;
  private final LocalDate first = LocalDate.now(ZoneOffset.UTC).minusDays(DAYS_AGO - 1);
  private final List<String> ids;
  private boolean hasBegun;

  /**
   * @param teller at a node whose clock is back by {@link #AGO}
   * @param worker the nodes' database, with the worker's login
   * @param from has a euro for each due date
   */
  OverdueStandingOrders(
      String tenant, JdbcClient worker, BankClient teller, String from, String to) {
    this.tenant = new TenantId(tenant);
    this.worker = worker;
    worker
        .sql("insert into kontor.paused_job_type (type, paused_by) values (?, 'a test')")
        .param("standing-order")
        .update();
    String weekly = "'rhythm':'WEEKLY','count':%d".formatted(DUE_DATES);
    String body =
        BankClient.standingOrderBody(from, to, first.toString())
            .replace("'rhythm':'MONTHLY'", weekly);
    ids =
        IntStream.range(0, ORDERS)
            .mapToObj(_ -> teller.post(PATH, body).expect(201).text("id"))
            .toList();
  }

  /** Has them executed; returns when some are and most are not. */
  void begin() {
    if (!hasBegun) {
      hasBegun = true;
      worker.sql("delete from kontor.paused_job_type").update();
      await().atMost(LIMIT).until(() -> done() > ORDERS);
    }
  }

  int done() {
    return worker
        .sql(
            "select count(*) from kontor.job where type = 'standing-order' and state = 'COMPLETED'")
        .query(Integer.class)
        .single();
  }

  /** The ids of the transfers, of which there must be one for each due date. */
  List<String> transfers() {
    return ids.stream().flatMap(id -> dueDates().map(day -> transfer(id, day))).toList();
  }

  /** Checks that each due date was executed, and in which order. */
  void assertExecutedOnceEachAndInOrder(BankClient teller) {
    for (String id : ids) {
      await()
          .atMost(LIMIT)
          .until(() -> teller.get(PATH + "/" + id).expect(200).text("status").equals("ENDED"));
      List<JsonNode> history =
          teller.get(PATH + "/" + id).json().path("history").valueStream().toList();
      assertThat(history)
          .extracting(execution -> execution.path("transfer").asString())
          .containsExactlyElementsOf(dueDates().map(day -> transfer(id, day)).toList().reversed());
      assertThat(history)
          .extracting(execution -> Instant.parse(execution.path("at").asString()))
          .isSortedAccordingTo(Comparator.reverseOrder());
    }
  }

  private Stream<LocalDate> dueDates() {
    return IntStream.range(0, DUE_DATES).mapToObj(first::plusWeeks);
  }

  private String transfer(String id, LocalDate dueDate) {
    return new StandingOrderId(tenant, UUID.fromString(id)).executionOn(dueDate).toString();
  }
}
