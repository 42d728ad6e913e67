package io.kontor.notifications.stream;

import static io.kontor.notifications.NotificationFixture.ACME;
import static io.kontor.notifications.NotificationFixture.as;
import static io.kontor.notifications.NotificationFixture.deposited;
import static io.kontor.notifications.NotificationFixture.withdrawn;
import static io.kontor.notifications.rule.NotificationKind.MONEY_OUT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.api.account.AccountId;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.notifications.NotificationFixture;
import io.kontor.notifications.store.Inbox;
import io.kontor.notifications.store.Notification;
import io.kontor.notifications.store.UserSignal;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import tools.jackson.databind.json.JsonMapper;

/** Streams of notifications, with the signals of the real PostgreSQL. */
@Timeout(120)
class NotificationStreamsTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final NotificationFixture news = new NotificationFixture();
  private final NewsSignals signals = new NewsSignals();
  private final PostgresNotificationListener listener =
      new PostgresNotificationListener(news.worker);
  private final NotificationStreams streams =
      streams(new StreamLimits(3, 2, 1, 9, LONG, LONG, LONG, List.of()));
  private final AccountId account = news.opened("ada");

  /** Receives what is sent to it. */
  private static final class Receiver implements NotificationStream.Client {
    final BlockingQueue<Notification> received = new LinkedBlockingQueue<>();
    final CountDownLatch begun = new CountDownLatch(1);
    final AtomicReference<@Nullable UUID> last = new AtomicReference<>();
    volatile int largestPage;

    @Override
    public void begin() {
      begun.countDown();
    }

    @Override
    public void send(List<Notification> page) {
      largestPage = Math.max(largestPage, page.size());
      received.addAll(page);
    }

    @Override
    public void heartbeat(@Nullable UUID at) {
      last.set(at);
    }
  }

  @BeforeEach
  void start() {
    streams.start();
    listener.subscribe(DatabaseSchema.SHARED, UserSignal.CHANNEL, signals);
    listener.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    streams.stop();
    listener.stop();
    await().until(() -> streams.openConnections() == 0);
    news.close();
  }

  @Test
  void whatWasMissedComesFirstInPagesAndThenWhatHappens() throws InterruptedException {
    Object[] missed =
        IntStream.rangeClosed(1, 250)
            .mapToObj(n -> deposited(account, "0.01", n + ".00"))
            .toArray();
    news.write(missed);
    var client = new Receiver();
    Thread connection = connect("ada", client, news.now.plus(LONG));
    for (int n = 1; n <= 250; n++) {
      assertThat(next(client)).isEqualTo(n + ".00");
    }
    assertThat(client.largestPage).isEqualTo(NotificationStream.PAGE);
    for (int n = 251; n <= 253; n++) {
      news.write(deposited(account, "0.01", n + ".00"));
      assertThat(next(client)).isEqualTo(n + ".00");
    }
    streams.stop();
    connection.join();
  }

  /** Another device has acknowledged meanwhile, and this one had received nothing yet. */
  @Test
  void aClientThatWasCutOffGoesOnFromWhereItsStreamBegan() throws InterruptedException {
    for (String balance : List.of("1.00", "2.00")) {
      var cutOff = new Receiver();
      Thread connection = connect("ada", cutOff, news.now.plus(LONG));
      await().until(() -> cutOff.last.get() != null);
      UUID last = requireNonNull(cutOff.last.get());
      streams.stop();
      connection.join();
      streams.start();

      news.write(deposited(account, "1.00", balance));
      as(
          () -> {
            Notification newest = news.inbox.list("ada", null, null, 1).getFirst().notification();
            news.inbox.acknowledge("ada", newest.id());
            return newest;
          });

      assertThat(as(() -> news.inbox.unacknowledged("ada", last).next(2)).notifications())
          .as(balance)
          .hasSize(1);
    }
  }

  @Test
  void whatAUserWantsInTheListOnlyIsNotSent() throws InterruptedException {
    news.prefer("ada", List.of(), List.of(MONEY_OUT));
    Object[] missed =
        IntStream.range(0, NotificationStream.PAGE)
            .mapToObj(n -> withdrawn(account, "1.00", "0.00"))
            .toArray();
    news.write(missed);
    news.write(deposited(account, "1.00", "1.00"));
    var client = new Receiver();
    connect("ada", client, news.now.plus(LONG));
    assertThat(next(client)).as("behind a page of others").isEqualTo("1.00");
    news.write(withdrawn(account, "1.00", "0.00"));
    news.write(deposited(account, "2.00", "2.00"));
    assertThat(next(client)).isEqualTo("2.00");
    assertThat(as(() -> news.inbox.unread("ada"))).as("listed").isEqualTo(missed.length + 3);
  }

  @Test
  void aConnectionEndsWithItsToken() {
    news.write(deposited(account, "1.00", "1.00"));
    var client = new Receiver();
    run(ACME, "ada", client, news.now);
    assertThat(client.received).hasSize(1);
    assertThat(streams.openConnections()).isZero();
  }

  @Test
  void aResponseEndsWithItsTokenOrAfterItsLongestTime() {
    TenantContext.run(
        ACME,
        () -> {
          try (var stream = streams.openResponse("ada", "network", news.now.plus(LONG))) {
            assertThat(stream.isOver()).isFalse();
            news.now = news.now.plus(LONG);
            assertThat(stream.isOver()).as("with its token").isTrue();
          }
          try (var stream = streams.openResponse("ada", "network", Instant.MAX)) {
            assertThat(stream.isOver()).isFalse();
            news.now = news.now.plus(LONG);
            assertThat(stream.isOver()).as("with an API key").isTrue();
          }
        });
  }

  @Test
  void aConnectionOutlastsADatabaseThatDoesNotAnswer() throws InterruptedException {
    var database = new FailingDatabase(news.app);
    database.isDown = true;
    var client = new Receiver();
    Thread connection = connect("ada", client, news.now.plus(LONG), database.inbox());
    await().until(() -> database.refused.get() > 0);
    news.write(deposited(account, "1.00", "1.00"));
    database.isDown = false;
    passes(Duration.ofSeconds(8));
    assertThat(next(client)).isEqualTo("1.00");

    database.isDown = true;
    database.refused.set(0);
    news.write(deposited(account, "1.00", "2.00"));
    await().until(() -> database.refused.get() > 0);
    database.isDown = false;
    passes(Duration.ofSeconds(8));
    assertThat(next(client)).isEqualTo("2.00");
    assertThat(connection.isAlive()).isTrue();
  }

  @Test
  void aDatabaseThatDoesNotAnswerForAMinuteEndsTheConnection() throws InterruptedException {
    var database = new FailingDatabase(news.app);
    database.isDown = true;
    Thread connection = connect("ada", new Receiver(), news.now.plus(LONG), database.inbox());
    await().until(() -> database.refused.get() > 0);
    passes(UnseenReader.OUTLASTED);
    await().until(() -> database.refused.get() > 1);
    assertThat(connection.isAlive()).as("for so long").isTrue();
    passes(Duration.ofSeconds(8));
    connection.join();
    assertThat(streams.openConnections()).isZero();
  }

  private void passes(Duration time) {
    news.now = news.now.plus(time);
  }

  /** The database as it is seen through a pool that has no connection at times. */
  private static final class FailingDatabase extends DelegatingDataSource {
    volatile boolean isDown;
    final AtomicInteger refused = new AtomicInteger();

    FailingDatabase(DataSource database) {
      super(database);
    }

    Inbox inbox() {
      return new Inbox(new TenantTransactions(this), this, JsonMapper.shared());
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (isDown) {
        refused.incrementAndGet();
        throw new SQLTransientConnectionException("no connection is free");
      }
      return super.getConnection();
    }
  }

  @Test
  void aUserATenantAndTheNodeHaveSoManyConnections() throws InterruptedException {
    connect("ada", new Receiver(), news.now.plus(LONG));
    assertRefused(ACME, "ada");
    connect("bob", new Receiver(), news.now.plus(LONG));
    assertRefused(ACME, "eve");
    var globex = new TenantId("globex");
    connect(globex, "ada", new Receiver());
    assertRefused(globex, "bob");
    streams.stop();
    await().until(() -> streams.openConnections() == 0);
  }

  /** A tenant with a cell has streams of its own. */
  @Test
  void anAddressHasSoManyConnectionsOfAllTenantsAndCells() {
    var limits = new StreamLimits(9, 9, 9, 1, LONG, LONG, LONG, List.of());
    var node = new OpenConnections(limits);
    NotificationStreams shared = streams(node, limits);
    NotificationStreams cell = streams(node, limits);
    var globex = new TenantId("globex");
    NotificationStream first = open(shared, ACME, "ada", "203.0.113.7");
    open(shared, ACME, "ada", "203.0.113.8");
    assertThatThrownBy(() -> open(cell, globex, "bob", "203.0.113.7"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("the address");
    first.close();
    open(cell, globex, "bob", "203.0.113.7");
    assertThat(shared.users()).isEqualTo(Map.of(ACME, Set.of("ada")));
    assertThat(cell.users()).isEqualTo(Map.of(globex, Set.of("bob")));
    assertThat(cell.openConnections()).isEqualTo(1);
  }

  @Test
  void aClientThatIsGoneGivesItsPlaceBack() {
    news.write(deposited(account, "1.00", "1.00"));
    var gone =
        new NotificationStream.Client() {
          @Override
          public void begin() {}

          @Override
          public void send(List<Notification> page) throws IOException {
            throw new IOException("broken pipe");
          }

          @Override
          public void heartbeat(@Nullable UUID last) {}
        };
    assertThatThrownBy(() -> run(ACME, "ada", gone, news.now.plus(LONG)))
        .hasRootCauseMessage("broken pipe");
    assertThat(streams.openConnections()).isZero();
    assertThat(as(() -> news.inbox.unread("ada"))).as("it was not read").isEqualTo(1);
  }

  private NotificationStreams streams(StreamLimits limits) {
    return streams(new OpenConnections(limits), limits);
  }

  private NotificationStreams streams(OpenConnections open, StreamLimits limits) {
    return new NotificationStreams(signals, open, limits, () -> news.now);
  }

  private NotificationStream open(
      NotificationStreams streams, TenantId tenant, String user, String network) {
    return TenantContext.call(tenant, () -> streams.open(user, network, news.now.plus(LONG)));
  }

  private void assertRefused(TenantId tenant, String user) {
    assertThatThrownBy(() -> run(tenant, user, new Receiver(), news.now.plus(LONG)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal -> assertThat(refusal.slug()).isEqualTo("too-many-streams"));
  }

  private Thread connect(String user, Receiver client, Instant expires)
      throws InterruptedException {
    return connect(user, client, expires, news.inbox);
  }

  private Thread connect(String user, Receiver client, Instant expires, Inbox inbox)
      throws InterruptedException {
    Thread thread = Thread.ofVirtual().start(() -> run(ACME, user, client, expires, inbox));
    client.begun.await();
    return thread;
  }

  private void connect(TenantId tenant, String user, Receiver client) throws InterruptedException {
    Thread.ofVirtual().start(() -> run(tenant, user, client, news.now.plus(LONG)));
    client.begun.await();
  }

  private void run(
      TenantId tenant, String user, NotificationStream.Client client, Instant expires) {
    run(tenant, user, client, expires, news.inbox);
  }

  private void run(
      TenantId tenant,
      String user,
      NotificationStream.Client client,
      Instant expires,
      Inbox inbox) {
    TenantContext.run(
        tenant,
        () -> {
          try (NotificationStream stream = streams.open(user, "network", expires)) {
            stream.run(() -> inbox.unseen(user, null), client);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** The balance of the next notification that the client receives. */
  private static String next(Receiver client) throws InterruptedException {
    Notification next = client.received.poll(60, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next.data().balance().amount();
  }
}
