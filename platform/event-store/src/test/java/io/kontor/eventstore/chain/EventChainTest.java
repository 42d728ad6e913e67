package io.kontor.eventstore.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.CounterNode;
import io.kontor.eventstore.EventStoreTest;
import io.kontor.eventstore.chain.ChainVerifier.Finding;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.read.EventReader;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.TenantId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Editing, removing or adding an event is detected. */
class EventChainTest {
  private static TestDatabase database;

  private Connection owner;
  private EventReader history;
  private JdbcTemplate intruder;

  /** A stream's first event and five counts, each with a two-byte letter. */
  @BeforeAll
  static void create() {
    database = TestDatabase.create();
    try (var node = new CounterNode(database.app(), database.worker())) {
      String stream = CounterNode.newStream();
      node.send(new Start(stream));
      for (int n = 0; n < 5; n++) {
        node.result(new Add(stream, 1), Map.of(CounterNode.ACTOR, "Zoë"));
      }
    }
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  /** Changes by an intruder are rolled back after each test. */
  @BeforeEach
  void breakIn() throws SQLException {
    owner = database.owner().getConnection();
    owner.setAutoCommit(false);
    var connection = new SingleConnectionDataSource(owner, true);
    history = new EventReader(connection);
    intruder = new JdbcTemplate(connection);
    intruder.execute("alter table kontor.event no force row level security");
    intruder.execute("alter table kontor.tenant no force row level security");
  }

  @AfterEach
  void undo() throws SQLException {
    owner.rollback();
    owner.close();
  }

  @Test
  void nodesThatWriteInTurnMakeOneChain() throws Exception {
    try (var fresh = TestDatabase.create();
        var one = new CounterNode(fresh.app(), fresh.worker());
        var other = new CounterNode(fresh.app(), fresh.worker())) {
      concurrently(
          200,
          n -> {
            CounterNode node = n % 2 == 0 ? one : other;
            String own = CounterNode.newStream();
            node.send(new Start(own));
            node.send(new Add(own, 1));
            return null;
          });
      var check = new ChainVerifier(new EventReader(fresh.worker()));
      assertThat(check.run(400, position -> {})).isEmpty();
      assertThat(check.heads()).extracting(ChainVerifier.Head::events).containsExactly(400L);
    }
  }

  @Test
  void eachTenantHasAChainOfItsOwn() {
    intruder.update("update kontor.event set tenant_id = 'globex' where position = 3");
    rechain();
    var check = new ChainVerifier(history);

    assertThat(check.run(6, position -> {})).isEmpty();

    assertThat(check.heads())
        .extracting(head -> head.tenant().value(), ChainVerifier.Head::events)
        .containsExactly(tuple("acme", 5L), tuple("globex", 1L));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          a changed payload    | update kontor.event set payload = replace(payload::text, '"total":3', '"total":4')::json where position = 4 | 4
          a changed space      | update kontor.event set payload = concat(' ', payload)::json where position = 4 | 4
          a changed actor      | update kontor.event set metadata = '{"actor":"nobody"}' where position = 4 | 4
          a changed time       | update kontor.event set recorded_at = recorded_at + interval '1 microsecond' where position = 4 | 4
          a changed type       | update kontor.event set type = 'started' where position = 4 | 4
          a changed revision   | update kontor.event set revision = '' where position = 4 | 4
          a changed unit       | update kontor.event set unit_rest = 1 where position = 4 | 4
          another event's id   | update kontor.event set event_id = gen_random_uuid() where position = 4 | 4
          a changed hash       | update kontor.event set hash = sha256('x') where position = 4 | 4
          a removed event      | delete from kontor.event where position = 4 | 4
          the first removed    | delete from kontor.event where position = 1 | 1
          removed and renumbered | delete from kontor.event where position = 4; update kontor.event set position = position - 1, sequence = sequence - 1 where position > 4 | 4
          two changed places   | update kontor.event set position = -4, sequence = 99 where position = 4; update kontor.event set position = 4 where position = 5; update kontor.event set position = 5 where position = -4 | 4
          an event put in      | insert into kontor.event select 7, tenant_id, stream_id, 6, stream_type, gen_random_uuid(), type, revision, recorded_at, 0, payload, metadata, hash from kontor.event where position = 6 | 7
          """)
  void isFoundAtItsPosition(String what, String tampering, long position) {
    assertThat(findings()).isEmpty();

    intruder.execute(tampering);

    assertThat(findings()).isNotEmpty();
    assertThat(findings().getFirst().position()).as(what).isEqualTo(position);
  }

  @Test
  void aChangeThatIsChainedAnewIsFoundByTheHeadThatWasKept() {
    Sha256 head = head();
    intruder.update("update kontor.event set metadata = '{}' where position = 4");
    rechain();
    assertThat(findings()).isEmpty();

    assertThat(findings(head)).hasSize(1);
    assertThat(findings(head).getFirst().what()).contains("chained anew", head.toString());
  }

  @Test
  void theLastEventsRemovedAreFoundByTheHeadThatWasKept() {
    Sha256 head = head();
    assertThat(findings(head)).isEmpty();
    intruder.update("delete from kontor.event where position > 4");
    assertThat(findings()).isEmpty();

    assertThat(findings(head)).extracting(Finding::position).containsExactly(5L);
  }

  @Test
  void whatWasStoredBeforeThereWereChainsIsChainedByTheMigration() throws IOException {
    Sha256 head = head();
    intruder.execute(
        """
        drop function kontor.event_hash;
        drop function kontor.chained_text;
        drop index kontor.event_by_tenant;
        alter table kontor.event drop column hash
        """);

    try (var script =
        Objects.requireNonNull(
            EventStoreTest.class.getResourceAsStream("/db/migration/V25__event_chain.sql"))) {
      intruder.execute(new String(script.readAllBytes(), UTF_8));
    }
    intruder.execute("alter table kontor.event no force row level security");

    assertThat(findings(head)).isEmpty();
  }

  private Sha256 head() {
    var check = new ChainVerifier(history);
    check.run(history.head(), position -> {});
    return check.heads().getFirst().hash();
  }

  private List<Finding> findings(Sha256... kept) {
    var check = new ChainVerifier(history);
    for (Sha256 hash : kept) {
      check.mustContain(new TenantId("acme"), hash);
    }
    return check.run(history.head(), position -> {});
  }

  /** Recalculates the chain, as an intruder who can compute it would. */
  private void rechain() {
    intruder.execute(
        """
        do $$
        declare
          stored kontor.event;
          previous bytea;
          tenant text := '';
        begin
          for stored in select * from kontor.event order by tenant_id, position loop
            if stored.tenant_id <> tenant then
              tenant := stored.tenant_id;
              previous := decode(repeat('00', 32), 'hex');
            end if;
            previous := kontor.event_hash(previous, stored);
            update kontor.event set hash = previous where position = stored.position;
          end loop;
        end
        $$
        """);
  }

  private interface Numbered {
    Void call(int n) throws Exception;
  }

  private static void concurrently(int times, Numbered work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> futures = new ArrayList<>();
      for (int n = 0; n < times; n++) {
        int self = n;
        Callable<Void> call = () -> work.call(self);
        futures.add(threads.submit(call));
      }
      for (Future<Void> future : futures) {
        future.get();
      }
    }
  }
}
