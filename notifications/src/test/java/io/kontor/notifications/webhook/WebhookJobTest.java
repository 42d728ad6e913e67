package io.kontor.notifications.webhook;

import static io.kontor.notifications.NotificationFixture.as;
import static io.kontor.notifications.NotificationFixture.deposited;
import static io.kontor.notifications.NotificationFixture.withdrawn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kontor.api.account.AccountId;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobQueueProperties;
import io.kontor.job.queue.JobWorkers;
import io.kontor.notifications.NotificationFixture;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.notifications.webhook.WebhookClient.Outcome;
import io.kontor.notifications.webhook.WebhookDelivery.State;
import io.kontor.notifications.webhook.WebhookRequests.Created;
import io.kontor.notifications.webhook.WebhookRequests.NumberedDelivery;
import io.kontor.notifications.webhook.WebhookRequests.Wanted;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks from the notification to a partner's server. */
class WebhookJobTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final WebhookProperties SETTINGS =
      new WebhookProperties(Duration.ofSeconds(10), Duration.ofHours(24), true);

  private final NotificationFixture news = new NotificationFixture();
  private final WebhookClient client = new WebhookClient(SETTINGS.timeout(), true);
  private final List<WebhookSwitchedOff> switchedOff = new CopyOnWriteArrayList<>();
  private final WebhookJob job =
      new WebhookJob(
          news.webhooks,
          new TenantTransactions(news.worker),
          client,
          switchedOff::add,
          () -> news.now);
  private final JobWorkers workers =
      new JobWorkers(
          news.worker,
          List.of(job),
          new JobQueueProperties(2, Duration.ofDays(1), Duration.ofSeconds(5)),
          List.of(),
          JsonMapper.shared());
  private final WebhookRequests requests =
      new WebhookRequests(
          new TenantTransactions(news.app),
          news.app,
          new WebhookOutbox(
              news.app,
              new JobQueue(news.app, JsonMapper.shared(), workers::wake),
              news.personalData),
          news.personalData,
          SETTINGS,
          () -> news.now,
          JsonMapper.shared());
  private final AccountId account = news.opened("ursula");

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private HttpServer partner;

  /** What happens before the partner answers. */
  private volatile Runnable meanwhile = () -> {};

  /** A call that the partner received. */
  private record Call(String target, String id, String timestamp, String signature, String body) {
    String type() {
      return JsonMapper.shared().readTree(body).path("type").asString();
    }

    String signedBy(String secret) throws GeneralSecurityException {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] signed = mac.doFinal((id + "." + timestamp + "." + body).getBytes(UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(signed);
    }
  }

  @BeforeEach
  void start() throws IOException {
    partner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    partner.createContext("/", this::receive);
    partner.start();
    workers.start();
  }

  @AfterEach
  void stop() {
    workers.stop();
    partner.stop(0);
    news.close();
  }

  private void receive(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    calls.add(
        new Call(
            exchange.getRequestURI().toString(),
            headers.getFirst("webhook-id"),
            headers.getFirst("webhook-timestamp"),
            headers.getFirst("webhook-signature"),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
    meanwhile.run();
    Integer status = answers.poll();
    byte[] text = "seen".getBytes(UTF_8);
    exchange.getResponseHeaders().set("Location", url());
    exchange.sendResponseHeaders(status == null ? 200 : status, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  @Test
  void messagesAreSignedAndComeInTheirOrder() throws GeneralSecurityException {
    Created webhook = created(NotificationKind.MONEY_IN, NotificationKind.MONEY_OUT);
    news.write(deposited(account, "2.00", "2.00"), withdrawn(account, "1.00", "1.00"));
    awaitCalls(2);
    assertThat(calls).extracting(Call::type).containsExactly("MONEY_IN", "MONEY_OUT");
    for (Call call : calls) {
      assertThat(call.timestamp()).isEqualTo(Long.toString(news.now.getEpochSecond()));
      assertThat(call.signature()).isEqualTo(call.signedBy(webhook.secret()));
    }
    assertThat(calls.getFirst().body())
        .contains(account.uuid().toString(), "\"amount\": \"2.00\"")
        .doesNotContain("ursula");
    awaitDelivered(webhook, 2);
    assertThat(deliveries(webhook).getFirst().answer()).isEqualTo("seen");
    assertThat(deliveries(webhook).getFirst().status()).isEqualTo(200);
  }

  @Test
  void whatFailsIsTriedAgainBeforeWhatIsLater() {
    answers.addAll(List.of(500, 302));
    Created webhook = created(NotificationKind.MONEY_IN, NotificationKind.MONEY_OUT);
    news.write(deposited(account, "2.00", "2.00"), withdrawn(account, "1.00", "1.00"));
    awaitCalls(4);
    assertThat(calls)
        .as("a redirect is a failure, too")
        .extracting(Call::type)
        .containsExactly("MONEY_IN", "MONEY_IN", "MONEY_IN", "MONEY_OUT");
    assertThat(calls.stream().map(Call::id).distinct()).hasSize(2);
    awaitDelivered(webhook, 2);
    assertThat(deliveries(webhook).getLast().attempts()).isEqualTo(3);
  }

  @Test
  void aSystemThatIsGoneIsSwitchedOffUntilItIsChanged() {
    answers.add(410);
    Created webhook = created(NotificationKind.MONEY_IN);
    news.write(deposited(account, "2.00", "2.00"));
    await().atMost(SOON).until(() -> !details(webhook).enabled());
    assertThat(details(webhook).problem()).isEqualTo("status 410");
    assertThat(switchedOff).containsExactly(new WebhookSwitchedOff(webhook.id(), "adam"));
    news.write(deposited(account, "2.00", "4.00"));
    as(() -> requests.change(webhook.id(), wanted(NotificationKind.MONEY_IN)));
    awaitDelivered(webhook, 1);
    assertThat(calls).as("what came while it was off is not sent").hasSize(2);
  }

  @Test
  void whatHappensWhileItIsSwitchedOffIsNotSent() {
    Created webhook = created(NotificationKind.MONEY_IN);
    var off = new Wanted(url(), List.of(NotificationKind.MONEY_IN), "a partner", false);
    as(() -> requests.change(webhook.id(), off));
    assertThat(details(webhook).enabled()).isFalse();
    news.write(deposited(account, "2.00", "2.00"));
    as(() -> requests.change(webhook.id(), wanted(NotificationKind.MONEY_IN)));
    news.write(deposited(account, "3.00", "5.00"));
    awaitDelivered(webhook, 1);
    assertThat(calls).hasSize(1);
    assertThat(calls.getFirst().body()).contains("\"amount\": \"3.00\"");
  }

  @Test
  void whatWaitsForALongPauseIsSentAtOnceWhenAPersonActs() {
    Created webhook = created(NotificationKind.MONEY_IN);
    List<Supplier<Boolean>> actions =
        List.of(
            () -> requests.change(webhook.id(), wanted(NotificationKind.MONEY_IN)),
            () -> requests.test(webhook.id()),
            () -> requests.redeliver(webhook.id(), deliveries(webhook).getFirst().id()));
    for (Supplier<Boolean> action : actions) {
      answers.add(500);
      news.write(deposited(account, "2.00", "2.00"));
      await().atMost(SOON).until(this::postpone);
      news.write(deposited(account, "2.00", "4.00"));
      assertThat(jobs("run_at > now() + interval '5 h'")).as("another one's pause").isEqualTo(1);
      assertThat(as(action)).isTrue();
      await()
          .atMost(SOON)
          .until(
              () -> deliveries(webhook).stream().allMatch(one -> one.state() == State.DELIVERED));
    }
  }

  /** As if many attempts had failed. */
  private boolean postpone() {
    return JdbcClient.create(news.worker)
            .sql(
                """
                update kontor.job
                   set attempts = 20, run_at = now() + interval '6 h',
                       turn_at = now() + interval '6 h'
                 where type = 'webhook' and state = 'WAITING' and attempts = 1
                """)
            .update()
        == 1;
  }

  @Test
  void aWebhookThatIsSwitchedOffReceivesNoFurtherMessage() {
    Created webhook = created(NotificationKind.MONEY_IN, NotificationKind.MONEY_OUT);
    var off = new Wanted(url(), List.of(NotificationKind.MONEY_IN), "a partner", false);
    meanwhile = () -> as(() -> requests.change(webhook.id(), off));
    news.write(deposited(account, "2.00", "2.00"), withdrawn(account, "1.00", "1.00"));
    awaitJobs();
    assertThat(calls).extracting(Call::type).containsExactly("MONEY_IN");

    meanwhile = () -> {};
    as(() -> requests.change(webhook.id(), wanted(NotificationKind.MONEY_IN)));
    awaitDelivered(webhook, 2);
    assertThat(calls).extracting(Call::type).containsExactly("MONEY_IN", "MONEY_OUT");
  }

  @Test
  void aWebhookThatIsDeletedReceivesNoFurtherMessage() {
    Created webhook = created(NotificationKind.MONEY_IN, NotificationKind.MONEY_OUT);
    meanwhile = () -> as(() -> requests.delete(webhook.id()));
    answers.add(500);
    news.write(deposited(account, "2.00", "2.00"), withdrawn(account, "1.00", "1.00"));
    awaitJobs();
    assertThat(calls).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {410, 500})
  void aFailureOfAFormerUrlDelaysAndSwitchesOffNothing(int status) {
    Created webhook = created(NotificationKind.MONEY_IN);
    String corrected = url().replace("x=1", "x=2");
    var wanted = new Wanted(corrected, List.of(NotificationKind.MONEY_IN), "a partner", true);
    answers.add(status);
    meanwhile =
        () -> {
          meanwhile = () -> {};
          as(() -> requests.change(webhook.id(), wanted));
        };
    news.write(deposited(account, "2.00", "2.00"));
    awaitDelivered(webhook, 1);
    assertThat(calls).extracting(Call::target).containsExactly("/hook?x=1", "/hook?x=2");
    assertThat(jobs("state = 'CANCELLED'")).as("the change's job replaced by a later one").isZero();
    assertThat(details(webhook).enabled()).isTrue();
    assertThat(switchedOff).isEmpty();
  }

  @Test
  void aSystemThatTakesNothingForThreeDaysIsSwitchedOff() {
    answers.addAll(List.of(500, 500));
    Created webhook = created(NotificationKind.MONEY_IN);
    news.write(deposited(account, "2.00", "2.00"));
    await().atMost(SOON).until(this::beginLastAttempt);
    workers.wake();
    await().atMost(SOON).until(() -> !details(webhook).enabled());
    assertThat(details(webhook).problem()).isEqualTo("status 500");
    assertThat(switchedOff).hasSize(1);
  }

  /** As if all attempts but one had failed. */
  private boolean beginLastAttempt() {
    return JdbcClient.create(news.worker)
            .sql(
                """
                update kontor.job set attempts = max_attempts - 1, run_at = now(), turn_at = now()
                 where type = 'webhook' and state = 'WAITING' and attempts = 1
                """)
            .update()
        == 1;
  }

  @Test
  void aFormerSecretSignsForAWhileAndAMessageIsSentAgain() throws GeneralSecurityException {
    Created webhook = created();
    String next =
        as(
            () -> {
              requests.rotateSecret(webhook.id());
              requests.test(webhook.id());
              return requests.secret(webhook.id()).orElseThrow();
            });
    awaitCalls(1);
    Call first = calls.getFirst();
    assertThat(first.signature())
        .isEqualTo(first.signedBy(next) + " " + first.signedBy(webhook.secret()));
    assertThat(first.type()).isEqualTo("TEST");
    awaitDelivered(webhook, 1);
    news.now = news.now.plus(SETTINGS.overlap());
    as(() -> requests.redeliver(webhook.id(), deliveries(webhook).getFirst().id()));
    awaitCalls(2);
    assertThat(calls.getLast().signature()).isEqualTo(calls.getLast().signedBy(next));
    assertThat(calls.getLast().id()).isEqualTo(first.id());
  }

  @Test
  void noCallReachesAnAddressThatIsNotPublic() {
    var strict = new WebhookClient(Duration.ofSeconds(10), false);
    int port = partner.getAddress().getPort();
    for (String host : List.of("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]")) {
      Outcome outcome = strict.post("https://%s:%d/".formatted(host, port), Map.of(), "{}");
      assertThat(outcome.status()).as(host).isNull();
      assertThat(outcome.answer()).as(host).isEqualTo("the host is not on the internet");
    }
    assertThat(strict.post(url(), Map.of(), "{}").answer()).isEqualTo("must begin with https://");
    assertThat(client.post(url(), Map.of(), "{}").isSuccess()).isTrue();
    assertThat(calls).hasSize(1);
  }

  private Created created(NotificationKind... kinds) {
    return as(() -> requests.create(wanted(kinds), null, "adam"));
  }

  private Wanted wanted(NotificationKind... kinds) {
    return new Wanted(url(), List.of(kinds), "a partner", true);
  }

  private String url() {
    return "http://127.0.0.1:%d/hook?x=1".formatted(partner.getAddress().getPort());
  }

  private WebhookDetails details(Created webhook) {
    return as(() -> requests.find(webhook.id())).orElseThrow();
  }

  /** Newest first. */
  private List<WebhookDelivery> deliveries(Created webhook) {
    return as(() -> requests.deliveries(webhook.id(), null, 100)).stream()
        .map(NumberedDelivery::delivery)
        .toList();
  }

  private void awaitJobs() {
    await().atMost(SOON).until(() -> jobs("state in ('WAITING', 'RUNNING')") == 0);
  }

  private int jobs(String which) {
    return JdbcClient.create(news.worker)
        .sql("select count(*) from kontor.job where type = 'webhook' and " + which)
        .query(Integer.class)
        .single();
  }

  private void awaitCalls(int number) {
    await().atMost(SOON).until(() -> calls.size() >= number);
  }

  private void awaitDelivered(Created webhook, int number) {
    await()
        .atMost(SOON)
        .until(
            () ->
                deliveries(webhook).stream().filter(one -> one.state() == State.DELIVERED).count()
                    == number);
  }
}
