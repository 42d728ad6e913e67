package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.job.queue.JobType;
import io.kontor.tenancy.TenantId;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Jobs over HTTP: list, show, retry, cancel, discard, pause. No handler knows their type. */
class JobsHttpTest {
  private static final String JOBS = "/v1/admin/jobs";

  private final BankFixture bank = BankFixture.running();
  private final String tenant = bank.newTenant();
  private final JobType<Letter> type = JobType.of("write-to", Letter.class, JobPriority.LOW);
  private BankClient admin;
  private String job;

  record Letter(String to) {}

  @BeforeEach
  void enqueue() {
    admin = bank.admin(tenant);
    job = enqueue("Ann");
  }

  @Test
  void aTenantSeesItsJobsWithWhatTheyWereAskedForAndAnOperatorAllJobsWithout() {
    Answer shown = admin.get(JOBS + "/" + job).expect(200);
    assertThat(shown.json().at("/arguments/to").asString()).isEqualTo("Ann");
    assertThat(shown.text("state")).isEqualTo("WAITING");
    assertThat(shown.text("createdBy")).isEqualTo("a test");
    assertThat(bank.auditor(tenant).get(JOBS + "/" + job).status()).isEqualTo(200);

    Answer operators = bank.operator().get(JOBS + "/" + job).expect(200);
    assertThat(operators.text("tenant")).isEqualTo(tenant);
    assertThat(operators.json().has("arguments")).isFalse();

    BankClient stranger = bank.admin(bank.newTenant());
    assertThat(stranger.get(JOBS + "/" + job).expect(404).slug()).isEqualTo("not-found");
    assertThat(stranger.get(JOBS + "?type=write-to").json().path("items")).isEmpty();
    assertThat(post(stranger, job + "/cancel", null).status()).isEqualTo(404);
    assertThat(bank.teller(tenant).get(JOBS).status()).isEqualTo(403);
  }

  @Test
  void aListIsReadPageByPage() {
    List<String> all = new ArrayList<>(List.of(job));
    IntStream.range(0, 4).forEach(n -> all.addFirst(enqueue("Bob")));
    List<String> read = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonNode page =
          admin.get(JOBS + "?type=write-to&state=WAITING&limit=2" + next).expect(200).json();
      page.path("items").forEach(item -> read.add(item.path("id").asString()));
      next = page.path("next").isString() ? "&cursor=" + page.path("next").asString() : null;
    }
    assertThat(read).containsExactlyElementsOf(all);
  }

  @Test
  void aWaitingJobIsCancelledAndTriedAgain() {
    post(admin, job + "/cancel", null).expect(202);
    assertThat(state()).isEqualTo("CANCELLED");
    assertThat(post(admin, job + "/cancel", null).expect(409).slug())
        .isEqualTo("job-state-conflict");
    post(admin, job + "/retry", null).expect(202);
    assertThat(state()).isEqualTo("WAITING");
  }

  @Test
  void aRepeatedRequestIsCarriedOutOnce() {
    String key = BankClient.newKey();
    admin.post(JOBS + "/" + job + "/cancel", "", "Idempotency-Key", key).expect(202);
    post(admin, job + "/retry", null).expect(202);
    Answer repeated = admin.post(JOBS + "/" + job + "/cancel", "", "Idempotency-Key", key);
    assertThat(repeated.expect(202).header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(state()).isEqualTo("WAITING");
  }

  @Test
  void aDeadJobIsDiscardedWithAReason() {
    assertThat(post(admin, job + "/discard", "{'reason':'r'}").expect(409).slug())
        .isEqualTo("job-state-conflict");
    JdbcClient.create(bank.postgres().dataSource(DatabaseLogin.WORKER))
        .sql("update kontor.job set state = 'DEAD', ended_at = now() where id = cast(? as uuid)")
        .param(job)
        .update();
    assertThat(post(admin, job + "/discard", "{}").expect(400).slug()).isEqualTo("invalid-request");
    post(admin, job + "/discard", "{'reason':'sent by hand'}").expect(202);
    Answer shown = admin.get(JOBS + "/" + job).expect(200);
    assertThat(shown.text("state")).isEqualTo("DISCARDED");
    assertThat(shown.text("decision")).isEqualTo("discard: sent by hand");
  }

  @Test
  void anAdminIsNotifiedOfAJobThatIsDead() {
    admin.get("/v1/notifications").expect(200);
    JobType<Letter> unreadable =
        JobType.of("notification-expiry", Letter.class, JobPriority.HIGH).revision(99);
    String dead = enqueue(unreadable, "Ann");
    await().atMost(Duration.ofSeconds(60)).until(() -> !admin.list("/v1/notifications").isEmpty());
    JsonNode notified = admin.list("/v1/notifications").getFirst();
    assertThat(notified.path("kind").asString()).isEqualTo("JOB_DEAD");
    assertThat(notified.at("/data/job").asString()).isEqualTo(dead);
    assertThat(admin.get(JOBS + "/" + dead).expect(200).text("state")).isEqualTo("DEAD");
  }

  @Test
  void aPauseIsShownAndLifted() {
    post(admin, "queues/write-to/pause", null).expect(204);
    assertThat(isPaused(admin)).isTrue();
    post(admin, "queues/write-to/resume", null).expect(204);
    assertThat(isPaused(admin)).isFalse();
    assertThat(post(admin, "queues/Write_To/pause", null).status()).isEqualTo(404);
  }

  private boolean isPaused(BankClient client) {
    JsonNode queues = client.get(JOBS + "/stats").expect(200).json().path("queues");
    assertThat(queues).hasSize(1);
    assertThat(queues.get(0).path("pending").asInt()).isEqualTo(1);
    return queues.get(0).path("paused").asBoolean();
  }

  private String enqueue(String to) {
    return enqueue(type, to);
  }

  private String enqueue(JobType<Letter> type, String to) {
    return bank.part("workerJobQueue", JobQueue.class)
        .enqueue(new TenantId(tenant), JobRequest.of(type, new Letter(to), "a test"))
        .toString();
  }

  private String state() {
    return admin.get(JOBS + "/" + job).expect(200).text("state");
  }

  private static Answer post(BankClient client, String path, String body) {
    return client.post(
        JOBS + "/" + path, body == null ? "" : body, "Idempotency-Key", BankClient.newKey());
  }
}
