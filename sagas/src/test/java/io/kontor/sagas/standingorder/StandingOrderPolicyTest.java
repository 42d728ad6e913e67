package io.kontor.sagas.standingorder;

import static io.kontor.sagas.PolicyFixture.ACME;
import static io.kontor.sagas.PolicyFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.Schedule;
import io.kontor.api.standingorder.StandingOrderCommand.ExecuteStandingOrder;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionPostponed;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderCreated;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderExecuted;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.api.standingorder.StandingOrderTerms;
import io.kontor.job.queue.JobAdministration;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobQueueProperties;
import io.kontor.job.queue.JobRecord;
import io.kontor.job.queue.JobState;
import io.kontor.job.queue.JobWorkers;
import io.kontor.sagas.PolicyFixture;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Jobs of due dates, run by two nodes. */
class StandingOrderPolicyTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final StandingOrderId ORDER = new StandingOrderId(ACME, new UUID(7, 1));
  private static final PlannedExecution FIRST = planned(1, "2026-01-30");
  private static final PlannedExecution SECOND = planned(2, "2026-02-27");
  private static final StandingOrderCreated CREATED =
      new StandingOrderCreated(
          ORDER,
          "cust-42",
          new StandingOrderTerms(
              new AccountId(ACME, new UUID(7, 2)),
              new AccountId(ACME, new UUID(7, 3)),
              null,
              Money.of("1.00", "EUR"),
              "rent",
              new Schedule(
                  FIRST.dueDate(),
                  Rhythm.MONTHLY,
                  31,
                  null,
                  null,
                  BusinessDayRule.MODIFIED_FOLLOWING,
                  "TARGET")),
          FIRST);

  private final PolicyFixture bank = new PolicyFixture();
  private final JobQueue queue = new JobQueue(bank.worker(), new JsonMapper(), () -> {});
  private final JobAdministration jobs = new JobAdministration(bank.worker());
  private final StandingOrderPolicy policy = new StandingOrderPolicy(queue);
  private final List<JobWorkers> nodes = Stream.of(1, 2).map(node -> node()).toList();

  @AfterEach
  void stop() {
    nodes.forEach(JobWorkers::stop);
    bank.close();
  }

  @Test
  void anExecutionHasOneJobAtItsTime() {
    policy.on(CREATED);
    policy.on(CREATED);
    assertThat(waiting()).extracting(JobRecord::runAt).containsExactly(FIRST.at());
  }

  @Test
  void theNextOneFollowsFromTheOneBeforeAndNoneFromTheLast() {
    policy.on(new StandingOrderExecuted(ORDER, FIRST, new UUID(8, 1), SECOND));
    policy.on(new StandingOrderExecuted(ORDER, SECOND, new UUID(8, 2), null));
    assertThat(waiting()).extracting(JobRecord::runAt).containsExactly(SECOND.at());
  }

  @Test
  void aPostponedExecutionIsTriedAgainAtItsTime() {
    Instant retryAt = FIRST.at().plus(Duration.ofHours(4));
    policy.on(new ExecutionPostponed(ORDER, FIRST, 1, retryAt, "no money"));
    assertThat(waiting()).extracting(JobRecord::runAt).containsExactly(retryAt);
  }

  @Test
  void aDayThatWasMissedIsExecutedOnceBothNodesAreUp() {
    policy.on(CREATED);
    nodes.forEach(JobWorkers::start);
    awaitCompleted(1);
    assertThat(dueDates()).containsExactly(FIRST.dueDate());
  }

  /** The order finds that it was done: the same command, and so the same id of the transfer. */
  @Test
  void anExecutionWhoseAnswerIsLostIsAskedForAgain() {
    bank.fail(ExecuteStandingOrder.class);
    policy.on(CREATED);
    nodes.forEach(JobWorkers::start);
    await().atMost(LIMIT).until(() -> jobs.list(null, null, null, 10).getFirst().failure() != null);
    bank.recover(ExecuteStandingOrder.class);
    awaitCompleted(1);
    assertThat(dueDates()).hasSizeGreaterThan(1).containsOnly(FIRST.dueDate());
  }

  @Test
  void aJobThatAPersonRunsBeforeItsTimeWaitsAgain() {
    PlannedExecution future =
        new PlannedExecution(
            1, FIRST.dueDate(), FIRST.dueDate(), Instant.parse("2999-01-01T06:00:00Z"));
    policy.on(new StandingOrderCreated(ORDER, "cust-42", CREATED.terms(), future));
    jobs.retry(waiting().getFirst().id(), "ann");
    nodes.forEach(JobWorkers::start);
    awaitCompleted(1);
    assertThat(bank.sent()).isEmpty();
    assertThat(waiting()).extracting(JobRecord::runAt).containsExactly(future.at());
  }

  private JobWorkers node() {
    return new JobWorkers(
        bank.worker(),
        List.of(new StandingOrderJob(bank.commands(), queue)),
        new JobQueueProperties(2, Duration.ofDays(30), Duration.ofSeconds(10)),
        List.of(),
        new JsonMapper());
  }

  private void awaitCompleted(int number) {
    await()
        .atMost(LIMIT)
        .until(() -> jobs.list(JobState.COMPLETED, null, null, 10).size() == number);
  }

  private List<JobRecord> waiting() {
    return jobs.list(JobState.WAITING, null, null, 10);
  }

  private List<LocalDate> dueDates() {
    return bank.sent().stream()
        .map(ExecuteStandingOrder.class::cast)
        .map(ExecuteStandingOrder::dueDate)
        .toList();
  }

  private static PlannedExecution planned(int number, String day) {
    LocalDate date = LocalDate.parse(day);
    return new PlannedExecution(number, date, date, NOON.plus(Duration.ofDays(number)));
  }
}
