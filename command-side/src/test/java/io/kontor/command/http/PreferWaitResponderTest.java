package io.kontor.command.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.http.ResponseEntity;

/** Requests with {@code Prefer: wait}. */
@Timeout(120)
@Tag("fast")
class PreferWaitResponderTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final TenantId ACME = new TenantId("acme");
  private static final Awaited<String> END =
      new Awaited<>("/v1/jobs", String.class, "DONE"::equals, FindJob::new, FindJobsAtRest::new);

  record FindJob(UUID job, String customer) {}

  record FindJobsAtRest(Set<UUID> jobs) {}

  /** A query for many ids: the tenant and the ids. */
  record Look(TenantId tenant, Set<UUID> jobs) {}

  private final Set<UUID> atRest = ConcurrentHashMap.newKeySet();
  private final List<Look> looks = new CopyOnWriteArrayList<>();
  private final AtomicInteger looksAtOnce = new AtomicInteger();
  private final AtomicInteger mostLooksAtOnce = new AtomicInteger();
  private final AtomicInteger found = new AtomicInteger();
  private final AtomicBoolean failing = new AtomicBoolean();
  private final SimpleQueryBus bus = SimpleQueryBus.builder().build();
  private final PreferWaitResponder outcomes =
      new PreferWaitResponder(
          DefaultQueryGateway.builder().queryBus(bus).build(), new StandardEnvironment());
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void answerQueries() {
    bus.<String>subscribe(
        FindJob.class.getName(),
        String.class,
        query -> {
          found.incrementAndGet();
          return atRest.contains(((FindJob) query.getPayload()).job()) ? "DONE" : "RUNNING";
        });
    bus.<List<UUID>>subscribe(
        FindJobsAtRest.class.getName(),
        UUID.class,
        query -> look(((FindJobsAtRest) query.getPayload()).jobs()));
  }

  private Set<UUID> lastLook() {
    return looks.isEmpty() ? Set.of() : looks.getLast().jobs();
  }

  private List<UUID> look(Set<UUID> jobs) {
    mostLooksAtOnce.accumulateAndGet(looksAtOnce.incrementAndGet(), Math::max);
    try {
      looks.add(new Look(TenantContext.current(), jobs));
      if (failing.get()) {
        throw new IllegalStateException("the database is gone");
      }
      return jobs.stream().filter(atRest::contains).toList();
    } finally {
      looksAtOnce.decrementAndGet();
    }
  }

  @AfterEach
  void endRequests() {
    requests.shutdownNow();
  }

  @Test
  void hundredsThatWaitAskNoMoreOftenThanOne() throws Exception {
    List<UUID> jobs = ids(300);
    List<Future<ResponseEntity<?>>> answers = jobs.stream().map(job -> request(job, 90)).toList();

    await().atMost(SOON).until(() -> lastLook().size() == 300);
    int before = looks.size();
    await().atMost(SOON).until(() -> looks.size() >= before + 5);
    assertThat(List.copyOf(looks).subList(before, before + 5))
        .allMatch(look -> look.tenant().equals(ACME) && look.jobs().size() == 300);
    assertThat(mostLooksAtOnce).hasValue(1);
    assertThat(found).as("questions for one").hasValue(0);

    UUID first = jobs.getFirst();
    atRest.add(first);
    ResponseEntity<?> answer = answers.getFirst().get();
    assertThat(answer.getStatusCode().value()).isEqualTo(200);
    assertThat(answer.getBody()).isEqualTo("DONE");
    assertThat(answer.getHeaders().getFirst("Preference-Applied")).isEqualTo("wait=90");
    assertThat(answers.subList(1, 300)).noneMatch(Future::isDone);
    assertThat(found).as("questions for one").hasValue(1);

    atRest.addAll(jobs);
    assertThat(statuses(answers)).hasSize(300).containsOnly(200);
    assertThat(found).hasValue(300);
  }

  @Test
  void whatIsNotAtRestInTimeIsAcceptedAndNoLongerLookedFor() throws Exception {
    ResponseEntity<?> answer = request(UUID.randomUUID(), 1).get();
    assertThat(answer.getStatusCode().value()).isEqualTo(202);
    assertThat(answer.getBody()).isEqualTo("accepted");
    assertThat(found).hasValue(0);

    UUID other = UUID.randomUUID();
    Future<ResponseEntity<?>> waiting = request(other, 90);
    await().atMost(SOON).until(() -> lastLook().equals(Set.of(other)));
    atRest.add(other);
    assertThat(waiting.get().getStatusCode().value()).isEqualTo(200);
  }

  @Test
  void aLookThatFailsIsRepeated() throws Exception {
    failing.set(true);
    UUID job = UUID.randomUUID();
    atRest.add(job);
    Future<ResponseEntity<?>> waiting = request(job, 90);
    await().atMost(SOON).until(() -> looks.size() >= 3);
    failing.set(false);
    assertThat(waiting.get().getStatusCode().value()).isEqualTo(200);
  }

  @Test
  void whereTooManyWaitTheNextIsAcceptedAtOnceAndAnotherTenantsWaits() throws Exception {
    List<Future<ResponseEntity<?>>> waiting =
        ids(OutcomeWaiters.OF_A_TENANT).stream().map(job -> request(job, 90)).toList();
    await().atMost(SOON).until(() -> lastLook().size() == OutcomeWaiters.OF_A_TENANT);
    assertThat(request(UUID.randomUUID(), 90).get().getStatusCode().value()).isEqualTo(202);
    assertThat(waiting).noneMatch(Future::isDone);

    UUID job = UUID.randomUUID();
    atRest.add(job);
    assertThat(request(new TenantId("globex"), job, 90).get().getStatusCode().value())
        .isEqualTo(200);
  }

  private static List<UUID> ids(int count) {
    return Stream.generate(UUID::randomUUID).limit(count).toList();
  }

  private static List<Integer> statuses(List<Future<ResponseEntity<?>>> answers) throws Exception {
    List<Integer> statuses = new ArrayList<>();
    for (Future<ResponseEntity<?>> answer : answers) {
      statuses.add(answer.get().getStatusCode().value());
    }
    return statuses;
  }

  private Future<ResponseEntity<?>> request(UUID job, int seconds) {
    return request(ACME, job, seconds);
  }

  private Future<ResponseEntity<?>> request(TenantId tenant, UUID job, int seconds) {
    return requests.submit(() -> TenantContext.call(tenant, () -> answer(job, seconds)));
  }

  private ResponseEntity<?> answer(UUID job, int seconds) {
    return outcomes.answer(
        new CommandResponse<>("accepted", 7, false),
        job,
        END,
        new PreferHeader(Duration.ofSeconds(seconds)),
        null);
  }
}
