package io.kontor.integration.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountId;
import io.kontor.api.integration.AccountV1;
import io.kontor.api.money.Money;
import io.kontor.api.payment.PaymentEvent;
import io.kontor.api.payment.PaymentId;
import io.kontor.integration.Kafka;
import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.integration.kafka.TopicInitializer;
import io.kontor.integration.outbound.Freezer;
import io.kontor.integration.outbound.Office;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
@Tag("system")
class EventPublisherTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Office office = new Office();
  private final KafkaProperties settings = Kafka.settings();
  private final String accounts = settings.topic(AccountV1.TOPIC);
  private final List<EventPublisher> started = new ArrayList<>();

  @AfterEach
  void close() {
    started.forEach(EventPublisher::stop);
    office.close();
  }

  @Test
  void everyEventIsToldOnceInTheOrderOfItsStreamAndForItsTenant() {
    List<AccountId> all = List.of(account("acme"), account("acme"), account("globex"));
    deposits(all, 70);
    start(office.publisher(settings));
    awaitPublished(210);
    deposits(all, 30);
    awaitPublished(300);

    Map<String, List<Long>> sequences = new HashMap<>();
    for (ConsumerRecord<String, byte[]> published : committed()) {
      JsonNode event = JSON.readTree(published.value());
      String tenant = event.path("tenant").asString();
      assertThat(published.key()).isEqualTo(tenant + "/" + event.path("subject").asString());
      assertThat(header(published, "tenant")).isEqualTo(tenant);
      assertThat(header(published, "content-type")).startsWith("application/cloudevents+json");
      assertThat(event.path("specversion").asString()).isEqualTo("1.0");
      assertThat(event.path("type").asString()).isEqualTo("io.kontor.account.deposited.v1");
      assertThat(event.path("source").asString()).isEqualTo("urn:kontor:" + tenant);
      assertThat(event.path("correlationid").asString()).isEqualTo("corr-1");
      long sequence = event.path("sequence").asLong();
      assertThat(event.path("id").asString())
          .isEqualTo(event.path("subject").asString() + "/" + sequence);
      assertThat(Instant.parse(event.path("time").asString()))
          .isEqualTo(Office.OPENING.plusMillis(sequence));
      assertThat(event.at("/data/amount/amount").asString()).isEqualTo("1.00");
      sequences.computeIfAbsent(published.key(), key -> new ArrayList<>()).add(sequence);
    }
    assertThat(sequences).hasSize(3);
    assertThat(sequences.values()).allSatisfy(EventPublisherTest::areCountedUpTo100);
  }

  @Test
  void aNodeThatFroseBetweenSendingAndCommittingIsFencedOffAndNothingIsToldTwiceOrLost()
      throws InterruptedException {
    List<AccountId> all = List.of(account("acme"), account("acme"), account("acme"));
    var patient =
        Kafka.settings(
            settings.topicPrefix(),
            Map.of("interceptor.classes", Freezer.class.getName(), "max.block.ms", "60000"));
    Freezer.Ice ice = Freezer.arm();
    deposits(all, 100);
    EventPublisher frozen = start(office.publisher("one", patient));
    ice.awaitFrozen();
    assertThat(committed()).isEmpty();
    assertThat(Kafka.read(accounts, "read_uncommitted")).isNotEmpty();

    EventPublisher next = start(office.publisher("two", settings));
    // Its transaction is done while that of the frozen node is still open.
    await().atMost(SOON).until(() -> office.lag().read().lag() == 0);
    ice.thaw();
    await().atMost(SOON).until(frozen::isFailing);
    awaitPublished(300);
    deposits(all, 10);
    awaitPublished(330);

    assertThat(Kafka.read(accounts, "read_uncommitted")).hasSizeGreaterThan(330);
    assertThat(next.isFailing()).isFalse();
    assertThat(ids()).doesNotHaveDuplicates().hasSize(330);
  }

  @Test
  void aDatabaseThatForgetsWhatKafkaCommittedTellsNothingTwice() {
    AccountId account = account("acme");
    var forgetful = new AtomicBoolean(true);
    deposits(List.of(account), 120);
    start(office.publisher(failingOnce(office.tokens("one"), forgetful), settings));
    awaitPublished(120);
    deposits(List.of(account), 5);
    awaitPublished(125);
    assertThat(forgetful).isFalse();
    assertThat(ids()).doesNotHaveDuplicates().hasSize(125);
  }

  @Test
  void whatIsNobodysBusinessIsNotToldAndNothingWaitsForIt() {
    start(office.publisher(settings));
    var payment = new PaymentId(new TenantId("acme"), UUID.randomUUID());
    office.happens(payment.toString(), new PaymentEvent.AttentionEnded(payment, "seen to"));
    office.happens(payment.toString(), new PaymentEvent.PaymentSettled(payment));
    await()
        .atMost(SOON)
        .until(() -> office.lag().read().head() == 2 && office.lag().read().lag() == 0);
    assertThat(Kafka.read(settings.topic("payments.v1"), "read_committed"))
        .singleElement()
        .satisfies(
            published ->
                assertThat(JSON.readTree(published.value()).path("type").asString())
                    .isEqualTo("io.kontor.payment.settled.v1"));
  }

  @Test
  void topicsOfAnotherBankOrOfALaterTimeAreLeftAlone() {
    deposits(List.of(account("acme")), 10);
    EventPublisher publisher = start(office.publisher(settings));
    awaitPublished(10);
    publisher.stop();
    try (var other = new Office()) {
      other.happens(account("acme").toString(), deposited(account("acme")));
      failsToPublish(other.publisher(settings));
    }
    // The database was restored and lacks some published events.
    var fewer = Office.noEvents();
    failsToPublish(office.publisher(fewer, office.tokens("restored"), settings));
    assertThat(committed()).hasSize(10);
  }

  /** The database was restored, and has grown past the checkpoint since. */
  @Test
  void eventsInThePlaceOfThosePublishedStopPublishing() {
    deposits(List.of(account("acme")), 10);
    EventPublisher publisher = start(office.publisher(settings));
    awaitPublished(10);
    publisher.stop();
    try (var other = new Office()) {
      String account = account("acme").toString();
      for (int n = 0; n < 15; n++) {
        other.happens(account, deposited(account("acme")));
      }
      EventPublisher after = office.publisher(other.events, office.tokens("restored"), settings);
      failsToPublish(after);
      assertThat(after.refusal()).hasValueSatisfying(why -> assertThat(why).contains("position"));
    }
    assertThat(committed()).hasSize(10);
  }

  @Test
  void progressWithoutAnIdentityGetsOneAtTheNextStart() {
    deposits(List.of(account("acme")), 10);
    EventPublisher publisher = start(office.publisher(settings));
    awaitPublished(10);
    publisher.stop();
    var progress = new PublishedCheckpoint(settings);
    PublishedCheckpoint.Reached reached = progress.read().orElseThrow();
    assertThat(reached.event()).isNotNull();
    writeWithoutIdentity(progress, reached);

    start(office.publisher(settings));
    await().atMost(SOON).until(() -> reached.equals(progress.read().orElseThrow()));
    deposits(List.of(account("acme")), 1);
    awaitPublished(11);
  }

  private void writeWithoutIdentity(
      PublishedCheckpoint progress, PublishedCheckpoint.Reached reached) {
    String old = "{\"bank\":\"%s\",\"position\":%d}".formatted(reached.bank(), reached.position());
    try (var producer =
        new KafkaProducer<>(
            settings.clients(), new StringSerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(progress.topic(), 0, "published", old.getBytes(UTF_8)))
          .get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void failsToPublish(EventPublisher publisher) {
    publisher.start();
    await().atMost(SOON).until(publisher::isFailing);
    publisher.stop();
  }

  @Test
  void aTopicThatWouldForgetTheProgressIsRefused() {
    new TopicInitializer(settings).require(List.of(settings.topic("publisher")));
    deposits(List.of(account("acme")), 1);
    EventPublisher publisher = start(office.publisher(settings));
    await().atMost(SOON).until(publisher::isFailing);
    assertThat(committed()).isEmpty();
  }

  private EventPublisher start(EventPublisher publisher) {
    started.add(publisher);
    publisher.start();
    return publisher;
  }

  private void deposits(List<AccountId> accounts, int times) {
    for (int n = 0; n < times; n++) {
      for (AccountId account : accounts) {
        office.happens(account.toString(), deposited(account));
      }
    }
  }

  private static AccountEvent deposited(AccountId account) {
    Money euro = Money.of("1.00", "EUR");
    return new AccountEvent.MoneyDeposited(account, UUID.randomUUID(), euro, euro, "in");
  }

  private static AccountId account(String tenant) {
    return new AccountId(new TenantId(tenant), UUID.randomUUID());
  }

  private void awaitPublished(int records) {
    new TopicInitializer(settings).require(List.of(accounts));
    await().atMost(SOON).untilAsserted(() -> assertThat(committed()).hasSize(records));
  }

  private List<ConsumerRecord<String, byte[]>> committed() {
    return Kafka.read(accounts, "read_committed");
  }

  private List<String> ids() {
    return committed().stream()
        .map(published -> JSON.readTree(published.value()).path("id").asString())
        .toList();
  }

  private static void areCountedUpTo100(List<Long> sequences) {
    assertThat(sequences).isEqualTo(LongStream.range(0, 100).boxed().toList());
  }

  private static String header(ConsumerRecord<String, byte[]> published, String name) {
    return new String(published.headers().lastHeader(name).value(), UTF_8);
  }

  /** The token store of a database that fails once when it is to keep a position. */
  private static TokenStore failingOnce(TokenStore tokens, AtomicBoolean failing) {
    return new TokenStore() {
      @Override
      public void storeToken(TrackingToken token, String processor, int segment) {
        if (token != null && failing.getAndSet(false)) {
          throw new IllegalStateException("the database is away");
        }
        tokens.storeToken(token, processor, segment);
      }

      @Override
      public TrackingToken fetchToken(String processor, int segment) {
        return tokens.fetchToken(processor, segment);
      }

      @Override
      public void extendClaim(String processor, int segment) {
        tokens.extendClaim(processor, segment);
      }

      @Override
      public void releaseClaim(String processor, int segment) {
        tokens.releaseClaim(processor, segment);
      }

      @Override
      public void initializeTokenSegments(String processor, int count, TrackingToken initial) {
        tokens.initializeTokenSegments(processor, count, initial);
      }

      @Override
      public boolean requiresExplicitSegmentInitialization() {
        return true;
      }

      @Override
      public java.util.Optional<String> retrieveStorageIdentifier() {
        return tokens.retrieveStorageIdentifier();
      }

      @Override
      public int[] fetchSegments(String processor) {
        return tokens.fetchSegments(processor);
      }
    };
  }
}
