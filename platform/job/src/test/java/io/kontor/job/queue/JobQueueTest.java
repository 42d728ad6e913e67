package io.kontor.job.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.job.queue.JobAdministration.Outcome;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

class JobQueueTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final JobType<Greeting> GREET =
      JobType.of("greet", Greeting.class, JobPriority.MEDIUM);
  private static final JobQueueProperties PROPERTIES =
      new JobQueueProperties(2, Duration.ofDays(30), Duration.ofSeconds(10));

  private final TestDatabase database = TestDatabase.create();
  private final DataSource worker = database.worker();
  private final JdbcClient sql = JdbcClient.create(worker);
  private final JobQueue queue = new JobQueue(worker, new JsonMapper(), () -> {});
  private final JobAdministration jobs = new JobAdministration(worker);
  private final Queue<JobContext<Greeting>> runs = new ConcurrentLinkedQueue<>();
  private final List<JobWorkers> nodes = new ArrayList<>();

  /** What the handler does beside noting the run. */
  private volatile Consumer<JobContext<Greeting>> work = job -> {};

  record Greeting(String name) {}

  @AfterEach
  void stop() {
    nodes.forEach(JobWorkers::stop);
    database.close();
  }

  @Nested
  class Enqueuing {
    @Test
    void aJobThatIsRolledBackWithItsCauseDoesNotExist() {
      var transaction = new TransactionTemplate(new JdbcTransactionManager(worker));
      assertThatThrownBy(
              () ->
                  transaction.executeWithoutResult(
                      status -> {
                        greet(ACME, "Ann");
                        throw new IllegalStateException("the cause fails");
                      }))
          .hasMessage("the cause fails");
      assertThat(jobs.list(null, null, null, 10)).isEmpty();
    }

    @Test
    void aKeyIsUniqueWhileItsJobWaits() {
      var once = request("Ann").uniqueKey("ann");
      UUID first = queue.enqueue(ACME, once);
      assertThat(queue.enqueue(ACME, once)).isEqualTo(first);
      assertThat(queue.enqueue(GLOBEX, once)).isNotEqualTo(first);
      dispatcher(GREET).admit();
      assertThat(queue.enqueue(ACME, once)).isNotEqualTo(first);
    }

    @Test
    void aTenantSeesItsOwnJobsOnly() {
      var app = database.app();
      var transactions = new TenantTransactions(app);
      var tenantJobs = new JobAdministration(app);
      greet(ACME, "Ann");
      UUID other = greet(GLOBEX, "Bob");
      List<JobRecord> seen =
          TenantContext.call(
              ACME, () -> transactions.read(() -> tenantJobs.list(null, null, null, 10)));
      assertThat(seen).extracting(JobRecord::tenant).containsExactly(ACME);
      assertThat(
              TenantContext.call(
                  ACME, () -> transactions.write(() -> tenantJobs.cancel(other, "ann"))))
          .isEqualTo(Outcome.UNKNOWN_JOB);
    }
  }

  @Nested
  class Admitting {
    @Test
    void aHigherPriorityGoesFirst() {
      UUID low = queue.enqueue(ACME, request("a").priority(JobPriority.LOW));
      UUID medium = queue.enqueue(ACME, request("b").priority(JobPriority.MEDIUM));
      UUID high = queue.enqueue(ACME, request("c").priority(JobPriority.HIGH));
      dispatcher(GREET).admit();
      assertThat(running()).containsExactlyInAnyOrder(high, medium).doesNotContain(low);
    }

    @Test
    void noneIsOvertakenByOneThatBecameDueAMinuteLater() {
      Instant now = Instant.now();
      UUID low =
          queue.enqueue(ACME, request("a").priority(JobPriority.LOW).runAt(now.minusSeconds(120)));
      for (int n = 0; n < 5; n++) {
        queue.enqueue(ACME, request("b").priority(JobPriority.HIGH).runAt(now.minusSeconds(59)));
      }
      dispatcher(GREET).admit();
      assertThat(running()).contains(low);
    }

    @Test
    void aTenantsBacklogLeavesPlacesToOthers() {
      for (int n = 0; n < 50; n++) {
        greet(ACME, "Ann");
      }
      UUID other = greet(GLOBEX, "Bob");
      new JobDispatcher(worker, 10, List.of(GREET)).admit();
      assertThat(running()).hasSize(GREET.tenantLimit() + 1).contains(other);
    }

    @Test
    void aTypeIsLimitedOverAllTenants() {
      greet(ACME, "Ann");
      greet(ACME, "Ann");
      greet(GLOBEX, "Bob");
      new JobDispatcher(worker, 10, List.of(GREET.limits(2, 2))).admit();
      assertThat(running()).hasSize(2);
      assertThat(new JobDispatcher(worker, 10, List.of(GREET.limits(2, 2))).admit()).isZero();
    }

    @Test
    void noMoreAreAdmittedThanTwiceTheWorkers() {
      var manyATenant = GREET.limits(1000, 1000);
      for (int n = 0; n < 10; n++) {
        greet(ACME, "Ann");
      }
      assertThat(dispatcher(manyATenant).admit()).isEqualTo(2);
      assertThat(dispatcher(manyATenant).admit()).isZero();
    }

    @Test
    void aJobThatIsNotDueWaits() {
      queue.enqueue(ACME, request("Ann").runAt(Instant.now().plusSeconds(3600)));
      assertThat(dispatcher(GREET).admit()).isZero();
    }

    @Test
    void aJobThatIsAskedForAgainWaitsForTheTransactionThatAsks() {
      var app = database.app();
      var requests = new JobQueue(app, new JsonMapper(), () -> {});
      var once = request("Ann").uniqueKey("ann");
      UUID first = queue.enqueue(ACME, once);
      List<UUID> others = List.of(greet(ACME, "Bob"), greet(GLOBEX, "Cid"));
      UUID askedFor =
          TenantContext.call(
              ACME,
              () ->
                  new TenantTransactions(app)
                      .write(
                          () -> {
                            UUID waiting = requests.enqueue(ACME, once);
                            dispatcher(GREET).admit();
                            return waiting;
                          }));
      assertThat(askedFor).isEqualTo(first);
      assertThat(running())
          .as("its place is another's")
          .containsExactlyInAnyOrderElementsOf(others);
      new JobDispatcher(worker, 2, List.of(GREET)).admit();
      assertThat(running()).contains(first);
    }

    @Test
    void aJobThatIsMadeDueNowBeginsAgainWithTheFirstAttempt() {
      UUID id =
          queue.enqueue(
              ACME, request("Ann").uniqueKey("ann").runAt(Instant.now().plusSeconds(3600)));
      sql.sql("update kontor.job set attempts = 2").update();
      queue.dueNow(ACME, GREET, "bob");
      queue.dueNow(GLOBEX, GREET, "ann");
      assertThat(dispatcher(GREET).admit()).as("others of another key or tenant").isZero();
      queue.dueNow(ACME, GREET, "ann");
      assertThat(dispatcher(GREET).admit()).isEqualTo(1);
      assertThat(find(id).attempts()).isZero();
    }

    @Test
    void aPausedTypeWaitsUntilItIsResumed() {
      greet(ACME, "Ann");
      greet(GLOBEX, "Bob");
      jobs.pause(ACME, "greet", "ann");
      assertThat(dispatcher(GREET).admit()).isEqualTo(1);
      jobs.pause(null, "greet", "operator");
      jobs.resume(ACME, "greet");
      assertThat(dispatcher(GREET).admit()).isZero();
      jobs.resume(null, "greet");
      assertThat(dispatcher(GREET).admit()).isEqualTo(1);
    }
  }

  @Nested
  class Running {
    @Test
    void aJobRunsInItsTenantAndKeepsItsResult() {
      UUID id = greet(ACME, "Ann");
      work =
          job -> {
            assertThat(TenantContext.current()).isEqualTo(ACME);
            assertThat(job.id()).isEqualTo(id);
            job.progress(7, 7, "greeted");
          };
      node();
      awaitState(id, JobState.COMPLETED);
      var contents = jobs.find(id).orElseThrow();
      assertThat(contents.result()).isEqualTo("{\"name\": \"hello Ann\"}");
      assertThat(contents.job().done()).isEqualTo(7);
      assertThat(contents.job().attempts()).isEqualTo(1);
      await().atMost(LIMIT).until(() -> executions() == 0);
    }

    @Test
    void aFailureIsTriedAgainUnderTheSameIdAndThenTheJobIsDead() {
      UUID id = queue.enqueue(ACME, JobRequest.of(GREET.maxAttempts(2), greeting("Ann"), "a test"));
      work =
          job -> {
            throw new IllegalStateException("no answer");
          };
      node();
      awaitState(id, JobState.DEAD);
      assertThat(runs).extracting(JobContext::id).containsExactly(id, id);
      assertThat(runs).extracting(JobContext::attempt).containsExactly(1, 2);
      assertThat(find(id).failure()).contains("no answer");
    }

    @Test
    void aFailureThatCantPassEndsTheJobAtOnce() {
      UUID id = greet(ACME, "Ann");
      work =
          job -> {
            throw new PermanentJobException("there is no such account");
          };
      node();
      awaitState(id, JobState.DEAD);
      assertThat(runs).hasSize(1);
      assertThat(find(id).failure()).isEqualTo("there is no such account");
    }

    @Test
    void aJobOfANodeThatIsGoneIsTakenOver() {
      UUID id = greet(ACME, "Ann");
      dispatcher(GREET).admit();
      beginOn("a node that is gone", id);
      node();
      awaitState(id, JobState.COMPLETED);
      assertThat(find(id).attempts()).isEqualTo(2);
    }

    @Test
    void aJobIsTakenOverOnceItsNodeHasMissedFourHeartbeatsAndNotBefore() {
      UUID gone = greet(ACME, "Ann");
      UUID beating = greet(GLOBEX, "Bob");
      dispatcher(GREET.limits(2, 2)).admit();
      var store = new AttemptStore(worker, dead -> {});
      var _ = store.begin(ACME, gone, 1).orElseThrow();
      var _ = store.begin(GLOBEX, beating, 1).orElseThrow();
      lastHeartbeat(gone, "a node that is gone", "now() - interval '8 s'");
      lastHeartbeat(beating, "a node that works", "'infinity'");
      node();
      awaitState(gone, JobState.COMPLETED);
      assertThat(find(beating).state()).isEqualTo(JobState.RUNNING);
      assertThat(find(beating).attempts()).isEqualTo(1);
    }

    @Test
    void aJobThatEndsItsProgramEachTimeIsDead() {
      UUID id = queue.enqueue(ACME, JobRequest.of(GREET.maxAttempts(1), greeting("Ann"), "a test"));
      dispatcher(GREET).admit();
      beginOn("a node that is gone", id);
      node();
      awaitState(id, JobState.DEAD);
      assertThat(runs).isEmpty();
    }

    @Test
    void anAttemptThatWasReplacedWritesNothing() {
      UUID id = greet(ACME, "Ann");
      dispatcher(GREET).admit();
      var store = new AttemptStore(worker, dead -> {});
      var frozen = store.begin(ACME, id, 1).orElseThrow();
      var _ = store.begin(ACME, id, 1).orElseThrow();
      assertThat(store.complete(frozen, null)).isFalse();
      assertThatThrownBy(() -> store.progress(frozen, 1, 2, null))
          .isInstanceOf(JobCancelledException.class);
      assertThat(find(id).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void aJobThatIsTriedAgainReplacesOneThatCameWithItsKeyMeanwhile() {
      var once = request("Ann").uniqueKey("ann");
      UUID first = queue.enqueue(ACME, once);
      dispatcher(GREET).admit();
      var attempt = new AttemptStore(worker, dead -> {}).begin(ACME, first, 1).orElseThrow();
      UUID second = queue.enqueue(ACME, once);
      assertThat(
              new AttemptStore(worker, dead -> {}).retry(attempt, Duration.ofHours(1), "no answer"))
          .isTrue();
      assertThat(find(first).state()).isEqualTo(JobState.WAITING);
      assertThat(find(second).state()).isEqualTo(JobState.CANCELLED);
      assertThat(queue.enqueue(ACME, once)).isEqualTo(first);
    }

    @Test
    void aStoppingNodeHandsItsJobBack() throws InterruptedException {
      UUID id = greet(ACME, "Ann");
      var started = new CountDownLatch(1);
      work =
          job -> {
            started.countDown();
            waitForInterrupt();
          };
      JobWorkers node = node(new JobQueueProperties(2, Duration.ofDays(30), Duration.ofSeconds(1)));
      started.await();
      node.stop();
      awaitState(id, JobState.WAITING);
      assertThat(find(id).attempts()).isZero();
    }
  }

  @Nested
  class Deciding {
    @Test
    void aRunningJobEndsWhenItIsCancelled() {
      UUID id = greet(ACME, "Ann");
      work =
          job -> {
            while (true) {
              job.progress(1, 0, null);
            }
          };
      node();
      awaitState(id, JobState.RUNNING);
      UUID part =
          queue.enqueue(
              ACME, request("part").parent(id).runAt(Instant.parse("2999-01-01T00:00:00Z")));
      assertThat(jobs.cancel(id, "ann")).isEqualTo(Outcome.DONE);
      assertThat(jobs.find(part).orElseThrow().job().state()).isEqualTo(JobState.CANCELLED);
      awaitState(id, JobState.CANCELLED);
    }

    @Test
    void aDeadJobIsTriedAgainOrDiscarded() {
      UUID id = greet(ACME, "Ann");
      work =
          job -> {
            throw new PermanentJobException("closed");
          };
      node();
      awaitState(id, JobState.DEAD);
      work = job -> {};
      assertThat(jobs.retry(id, "ann")).isEqualTo(Outcome.DONE);
      awaitState(id, JobState.COMPLETED);
      assertThat(jobs.discard(id, "ann", "late")).isEqualTo(Outcome.NOT_POSSIBLE);
      assertThat(jobs.retry(UUID.randomUUID(), "ann")).isEqualTo(Outcome.UNKNOWN_JOB);
    }

    @Test
    void anEndedJobIsForgottenAndADeadOneIsNot() {
      UUID done = greet(ACME, "Ann");
      UUID dead = greet(ACME, "Bob");
      sql.sql(
              """
              update kontor.job set ended_at = now() - interval '31 days',
                state = case when id = ? then 'DEAD' else 'COMPLETED' end
              """)
          .param(dead)
          .update();
      EndedJobs.forget(worker, PROPERTIES.kept(), () -> true);
      assertThat(jobs.find(done)).isEmpty();
      assertThat(jobs.find(dead)).isPresent();
    }

    @Test
    void statisticsCountByTypeAndPriority() {
      greet(ACME, "Ann");
      queue.enqueue(ACME, request("Bob").priority(JobPriority.LOW));
      assertThat(jobs.statistics())
          .extracting(JobStatistics::type, JobStatistics::priority, JobStatistics::pending)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple("greet", JobPriority.LOW, 1L),
              org.assertj.core.groups.Tuple.tuple("greet", JobPriority.MEDIUM, 1L));
    }

    @Test
    void theTaskOfAProcessIsListedAndCantBeSteered() {
      sql.sql(
              """
              insert into kontor.scheduled_tasks
                (task_name, task_instance, execution_time, picked, version)
              values ('book', 'acme/1', now(), false, 1)
              """)
          .update();
      JobRecord task = jobs.list(null, "book", null, 10).getFirst();
      assertThat(task.tenant()).isEqualTo(ACME);
      assertThat(task.canBeSteered()).isFalse();
      assertThat(jobs.cancel(task.id(), "ann")).isEqualTo(Outcome.NOT_POSSIBLE);
    }
  }

  private static Greeting greeting(String name) {
    return new Greeting(name);
  }

  private static JobRequest<Greeting> request(String name) {
    return JobRequest.of(GREET, greeting(name), "a test");
  }

  private UUID greet(TenantId tenant, String name) {
    return queue.enqueue(tenant, request(name));
  }

  private JobDispatcher dispatcher(JobType<?> type) {
    return new JobDispatcher(worker, 1, List.of(type));
  }

  private JobWorkers node() {
    return node(PROPERTIES);
  }

  private JobWorkers node(JobQueueProperties properties) {
    var node =
        new JobWorkers(worker, List.of(new Greeter()), properties, List.of(), new JsonMapper());
    nodes.add(node);
    node.start();
    return node;
  }

  private final class Greeter implements JobHandler<Greeting> {
    @Override
    public JobType<Greeting> type() {
      return GREET;
    }

    @Override
    public @Nullable Object run(JobContext<Greeting> job) {
      runs.add(job);
      work.accept(job);
      return Map.of("name", "hello " + job.arguments().name());
    }
  }

  /** The attempt of a process that has not been heard of for a while. */
  private void beginOn(String node, UUID id) {
    var _ = new AttemptStore(worker, dead -> {}).begin(ACME, id, 1).orElseThrow();
    sql.sql(
            """
            update kontor.job_execution
               set picked = true, picked_by = ?, last_heartbeat = now() - interval '5 min'
            """)
        .param(node)
        .update();
  }

  private void lastHeartbeat(UUID id, String node, String time) {
    int beaten =
        sql.sql(
                "update kontor.job_execution set picked = true, picked_by = ?, last_heartbeat = "
                    + time
                    + " where task_instance like ?")
            .param(node)
            .param("%/" + id + "/%")
            .update();
    assertThat(beaten).isEqualTo(1);
  }

  private List<UUID> running() {
    return sql.sql("select id from kontor.job where state = 'RUNNING'").query(UUID.class).list();
  }

  private int executions() {
    return sql.sql("select count(*) from kontor.job_execution where tenant_id is not null")
        .query(Integer.class)
        .single();
  }

  private JobRecord find(UUID id) {
    return jobs.find(id).orElseThrow().job();
  }

  private void awaitState(UUID id, JobState state) {
    await().atMost(LIMIT).until(() -> find(id).state() == state);
  }

  private static void waitForInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }
}
