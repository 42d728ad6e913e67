package io.kontor.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Added;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.archive.ArchiveException;
import io.kontor.eventstore.archive.EventExporter;
import io.kontor.eventstore.archive.EventExporter.Range;
import io.kontor.eventstore.archive.EventImporter;
import io.kontor.eventstore.event.StoreBinding;
import io.kontor.eventstore.read.EventReader;
import io.kontor.eventstore.subscription.ProcessStart;
import io.kontor.eventstore.subscription.TokenClaimSettings;
import io.kontor.eventstore.subscription.TokenStores;
import io.kontor.postgres.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** No process handles imported events, whose side effects happened in the original store. */
class ImportedHistoryTest {
  private static final String PROCESS = "process";

  @TempDir private Path folder;
  private final TestDatabase source = TestDatabase.create();
  private final TestDatabase target = TestDatabase.create();
  private final String stream = CounterNode.newStream();
  private final Queue<Long> actedUpon = new ConcurrentLinkedQueue<>();
  private Path first;
  private Path second;

  @BeforeEach
  void export() throws Exception {
    try (var node = new CounterNode(source.app(), source.worker())) {
      node.send(new Start(stream));
      node.send(new Add(stream, 1));
      node.send(new Add(stream, 2));
      node.send(new Add(stream, 3));
    }
    first = export("first", new Range(null, 0, 2));
    second = export("second", new Range(null, 2, 4));
  }

  @AfterEach
  void drop() {
    source.close();
    target.close();
  }

  @Test
  void aProcessThatNeverRanBeginsAfterIt() throws Exception {
    importInto(first);
    importInto(second);

    actOn(new Add(stream, 4));

    assertThat(actedUpon).containsExactly(4L);
  }

  @Test
  void aProcessThatRanGoesOnAfterIt() throws Exception {
    importInto(first);
    progress(2, null);
    importInto(second);

    actOn(new Add(stream, 4));

    assertThat(actedUpon).containsExactly(4L);
  }

  @Test
  void aProcessOfABankThatImportedNothingBeginsWithTheFirstEvent() throws Exception {
    try (var node = new CounterNode(target.app(), target.worker())) {
      node.send(new Start(stream));
      node.send(new Add(stream, 1));
    }

    actOn(new Add(stream, 2));

    assertThat(actedUpon).containsExactly(1L, 2L);
  }

  /** A new database with an Axon Server that has events already. */
  @Test
  void aProcessWhoseEventsAreKeptElsewhereBeginsWhereItIsDecided() throws Exception {
    importInto(first);
    JdbcClient.create(target.owner())
        .sql("update kontor.process_start set position = null")
        .update();
    StoreBinding.axonServer("default").claim(target.owner());
    var start = new ProcessStart(target.worker());
    try (var node = new CounterNode(target.app(), target.worker())) {
      assertThatThrownBy(() -> start.token().apply(node.store))
          .isInstanceOf(EventStoreException.class);

      start.decide(2);
      start.decide(0);

      assertThat(start.token().apply(node.store)).isEqualTo(new GlobalSequenceTrackingToken(2));
    }
  }

  /** The process would skip events. */
  @Test
  void nothingIsImportedWhileAProcessIsBehind() throws Exception {
    importInto(first);
    progress(1, null);

    assertThatThrownBy(() -> importInto(second))
        .isInstanceOf(ArchiveException.class)
        .hasMessage(
            "process has come to event 1 of the 2 that are stored: start the bank and let it catch"
                + " up before an import");
    assertThat(new EventReader(target.worker()).head()).isEqualTo(2);
  }

  @Test
  void nothingIsImportedBehindEventsThatNoProcessHasSeen() throws Exception {
    try (var node = new CounterNode(target.app(), target.worker())) {
      node.send(new Start(CounterNode.newStream()));
    }
    Path other = export("globex", new Range(null, 0, 4));

    assertThatThrownBy(() -> importInto(other)).isInstanceOf(ArchiveException.class);
    assertThat(new EventReader(target.worker()).head()).isEqualTo(1);
  }

  /** The process would handle imported events before its token is moved. */
  @Test
  void nothingIsImportedWhileAProcessIsAtWork() throws Exception {
    importInto(first);
    progress(2, Instant.now());

    assertThatThrownBy(() -> importInto(second))
        .isInstanceOf(ArchiveException.class)
        .hasMessage("process is at work: stop the nodes with role saga before an import");

    progress(2, Instant.now().minus(TokenClaimSettings.LAPSE_AFTER.multipliedBy(2)));
    importInto(second);
  }

  @Test
  void nothingIsImportedWhileAProcessStoresItsProgress() throws Exception {
    importInto(first);
    progress(2, null);
    try (var connection = target.worker().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select from kontor.token for update");

      assertThatThrownBy(() -> importInto(second))
          .isInstanceOf(ArchiveException.class)
          .hasMessageContaining("at work");
    }
  }

  private Path export(String name, Range range) throws Exception {
    Path file = folder.resolve(name);
    new EventExporter(source.worker(), source.app()).write(file, range, count -> {});
    return file;
  }

  private void importInto(Path file) throws Exception {
    new EventImporter(target.worker(), target.app(), List.of(PROCESS)).store(file, count -> {});
  }

  /** The token's position, and since when it is claimed, if it is. */
  private void progress(long position, Instant claimedAt) {
    JdbcClient.create(target.worker())
        .sql(
            """
            insert into kontor.token (processor, segment, token, token_type, owner, claimed_at)
            values (:processor, 0, :token, :type, :owner, :claimed_at)
            on conflict (processor, segment) do update set owner = excluded.owner,
              claimed_at = excluded.claimed_at, token = excluded.token
            """)
        .param("processor", PROCESS)
        .param("token", "{\"globalIndex\":%d}".formatted(position))
        .param("type", "org.axonframework.eventhandling.GlobalSequenceTrackingToken")
        .param("owner", claimedAt == null ? null : "node")
        .param("claimed_at", claimedAt == null ? null : claimedAt.toString())
        .update();
  }

  /** Runs the process until it has handled the command's event. */
  private void actOn(Add command) {
    var worker = target.worker();
    var transactions = new SpringTransactionManager(new JdbcTransactionManager(worker));
    TokenStore tokens = TokenStores.store(worker, Jackson3Serializer.builder().build());
    try (var node = new CounterNode(target.app(), worker)) {
      var processor =
          TrackingEventProcessor.builder()
              .name(PROCESS)
              .eventHandlerInvoker(
                  SimpleEventHandlerInvoker.builder().eventHandlers(new Actor()).build())
              .messageSource(node.store)
              .tokenStore(tokens)
              .transactionManager(transactions)
              .trackingEventProcessorConfiguration(
                  TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                      .andInitialTrackingToken(new ProcessStart(worker).token()))
              .build();
      processor.start();
      node.send(command);
      await().atMost(Duration.ofMinutes(1)).until(() -> actedUpon.contains(command.amount()));
      processor.shutDown();
    }
  }

  final class Actor {
    @EventHandler
    void on(Added added) {
      actedUpon.add(added.amount());
    }
  }
}
