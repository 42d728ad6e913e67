package io.kontor.eventstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.archive.ArchiveException;
import io.kontor.eventstore.archive.ChainedEventWriter;
import io.kontor.eventstore.archive.EventExporter;
import io.kontor.eventstore.archive.EventExporter.Range;
import io.kontor.eventstore.archive.EventImporter;
import io.kontor.eventstore.archive.EventImporter.Stored;
import io.kontor.eventstore.chain.ChainVerifier;
import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.read.EventReader;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** Export from one store and import into another. */
@Tag("system")
class ArchiveTest {
  private static final int EVENTS = 12_000;
  private static final int HALF = 7_001;
  private static final int CLIENTS = 128;

  @TempDir private static Path folder;
  private static TestDatabase source;
  private static Path whole;

  private TestDatabase target;

  /** Alternating events of two tenants; one payload has line breaks. */
  @BeforeAll
  static void fill() throws Exception {
    source = TestDatabase.create();
    try (var node = new CounterNode(source.app(), source.worker());
        var threads = Executors.newFixedThreadPool(CLIENTS, Thread.ofVirtual().factory())) {
      var globex = new TenantId("globex");
      var acmes = CounterNode.newStream();
      var globexs = globex + acmes.substring(acmes.indexOf('/'));
      List<Future<?>> done = new ArrayList<>();
      node.send(new Start(acmes));
      node.send(globex, new Start(globexs));
      for (int n = 2; n < EVENTS - 1; n++) {
        boolean even = n % 2 == 0;
        done.add(
            threads.submit(
                () ->
                    even ? node.send(new Add(acmes, 1)) : node.send(globex, new Add(globexs, 1))));
      }
      for (Future<?> future : done) {
        future.get();
      }
    }
    appendOddlyWritten();
    whole = export(source, "whole", new Range(null, 0, EVENTS));
  }

  @AfterAll
  static void drop() {
    source.close();
  }

  @BeforeEach
  void create() {
    target = TestDatabase.create();
  }

  @AfterEach
  void dropTarget() {
    target.close();
  }

  @Test
  void anImportedStoreIsExportedByteForByteAsItsOrigin() throws Exception {
    assertThat(importInto(target, whole)).isEqualTo(new Stored(EVENTS, 0));

    assertThat(export(target, "again", new Range(null, 0, EVENTS))).hasSameBinaryContentAs(whole);
    assertChainIsWhole(target, EVENTS);
    assertThat(importInto(target, whole)).isEqualTo(new Stored(0, EVENTS));
  }

  @Test
  void aTenantAloneKeepsItsChain() throws Exception {
    Path acme = export(source, "acme", new Range("acme", 0, EVENTS));

    importInto(target, acme);

    long head = new EventReader(target.worker()).head();
    assertThat(head).isBetween(EVENTS / 2L - 2, EVENTS / 2L + 2);
    assertChainIsWhole(target, head);
    assertThat(export(target, "acme2", new Range(null, 0, head))).hasSameBinaryContentAs(acme);
  }

  @Test
  void aFileContinuesTheOneBeforeItAndNothingElse() throws Exception {
    Path first = export(source, "first", new Range(null, 0, HALF));
    Path second = export(source, "second", new Range(null, HALF, EVENTS));

    assertThatThrownBy(() -> importInto(target, second))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("acme");
    assertThat(new EventReader(target.worker()).head()).isZero();

    importInto(target, first);
    importInto(target, second);
    assertThat(export(target, "both", new Range(null, 0, EVENTS))).hasSameBinaryContentAs(whole);
  }

  @Test
  void anExportThatWasCutShortGoesOn() throws IOException {
    Path file = folder.resolve("cut");
    var export = new EventExporter(source.worker(), source.app());
    var range = new Range(null, 0, EVENTS);
    assertThatThrownBy(
            () ->
                export.write(
                    file,
                    range,
                    count -> {
                      if (count == EVENTS - 100) {
                        throw new IllegalStateException("cut short");
                      }
                    }))
        .hasMessage("cut short");
    Path part = folder.resolve("cut.part");
    long size = Files.size(part);
    assertThat(size).isPositive();
    try (var torn = new RandomAccessFile(part.toFile(), "rw")) {
      torn.setLength(size - 3); // as after a crash: the last member is incomplete
    }

    assertThat(export.unfinished(file)).isEqualTo(range);
    export.write(file, range, count -> {});

    assertThat(file).hasSameBinaryContentAs(whole);
    assertThat(part).doesNotExist();
    assertThat(export.unfinished(file)).isNull();
  }

  @Test
  void aKilledImportGoesOnWhereItEnded() throws Exception {
    var history = new EventReader(target.worker());
    try (var process = new ImportProcess(target, whole)) {
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(2))
          .until(() -> history.head() > 0);
    }
    long stored = history.head();
    System.out.printf("killed after %d of %d events%n", stored, EVENTS);
    assertThat(stored).isBetween(1L, EVENTS - 1L);
    assertChainIsWhole(target, stored);

    assertThat(importInto(target, whole)).isEqualTo(new Stored(EVENTS - stored, stored));

    assertThat(export(target, "killed", new Range(null, 0, EVENTS))).hasSameBinaryContentAs(whole);
  }

  @Test
  void nothingOfAFileThatWasChangedIsStored() throws IOException {
    Path changed = rewritten("changed", text -> text.replace("\"total\":77}", "\"total\":78}"));
    assertThatThrownBy(() -> importInto(target, changed))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("not as it was written");

    Path written = rewritten("written-otherwise", text -> text.replaceFirst("\n\\{", "\n {"));
    assertThatThrownBy(() -> importInto(target, written))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("not as it was written");

    Path shortened = folder.resolve("shortened");
    Files.write(shortened, java.util.Arrays.copyOf(Files.readAllBytes(whole), 5_000));
    assertThatThrownBy(() -> importInto(target, shortened))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("ends too early");

    assertThat(new EventReader(target.worker()).head()).isZero();
  }

  @Test
  void aFileWhoseSumsWereMadeAnewDoesNotFitTheStoreThatItContinues() throws Exception {
    importInto(target, export(source, "start", new Range(null, 0, HALF)));
    try (var other = new CounterNode(target.app(), target.worker())) {
      other.send(new Start(CounterNode.newStream()));
    }

    assertThatThrownBy(() -> importInto(target, whole))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("acme");
    assertThat(new EventReader(target.worker()).head()).isEqualTo(HALF + 1);
  }

  @Test
  void anEventThatIsNotAsItWasWrittenIsNotExported() throws Exception {
    importInto(target, whole);
    var owner = new JdbcTemplate(target.owner());
    owner.execute("alter table kontor.event no force row level security");
    owner.update("update kontor.event set type = 'started' where position = 4000");

    assertThatThrownBy(() -> export(target, "tampered", new Range(null, 0, EVENTS)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("position 4000");
    assertThat(folder.resolve("tampered")).doesNotExist();
  }

  private static Path export(TestDatabase store, String name, Range range) throws IOException {
    Path file = folder.resolve(name);
    new EventExporter(store.worker(), store.app()).write(file, range, count -> {});
    return file;
  }

  private static Stored importInto(TestDatabase store, Path file) throws IOException, SQLException {
    EventImporter.check(file, event -> {});
    return new EventImporter(store.worker(), store.app(), List.of("process"))
        .store(file, count -> {});
  }

  private static void assertChainIsWhole(TestDatabase store, long head) {
    assertThat(new ChainVerifier(new EventReader(store.worker())).run(head, position -> {}))
        .isEmpty();
  }

  /** Unusually formatted JSON, which a column may contain. */
  private static void appendOddlyWritten() throws SQLException {
    StoredEvent[] last = new StoredEvent[1];
    var history = new EventReader(source.worker());
    history.forEach(new TenantId("acme"), 0, EVENTS, event -> last[0] = event);
    var odd =
        new StoredEvent(
            0,
            last[0].stream(),
            last[0].sequence() + 1,
            "Counter",
            java.util.UUID.randomUUID(),
            "added",
            "odd \"revision\"",
            last[0].recordedAt().plusNanos(1_000),
            0,
            " {\"id\" :\n\"Zoë \\u00eb\", \"amount\":1e0} ",
            "{ \"b\":1,\"a\" : {} }",
            EventChain.START);
    try (var writer = new ChainedEventWriter(source.worker(), List.of())) {
      writer.append(List.of(odd.chained(EventChain.next(last[0].hash(), odd))));
    }
    assertThat(history.head()).isEqualTo(EVENTS);
  }

  private interface Rewrite {
    String apply(String text);
  }

  private static Path rewritten(String name, Rewrite rewrite) throws IOException {
    String text;
    try (var in = new GZIPInputStream(Files.newInputStream(whole))) {
      text = new String(in.readAllBytes(), UTF_8);
    }
    String other = rewrite.apply(text);
    assertThat(other).isNotEqualTo(text);
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(other.getBytes(UTF_8));
    }
    return Files.write(folder.resolve(name), packed.toByteArray());
  }

  /** An import in a separate process, which can be killed. */
  private static final class ImportProcess implements AutoCloseable {
    private final Process process;

    ImportProcess(TestDatabase store, Path file) throws IOException {
      var program =
          new ProcessBuilder(
              ProcessHandle.current().info().command().orElseThrow(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              ImportProgram.class.getName(),
              store.jdbcUrl(),
              file.toString());
      program
          .environment()
          .putAll(
              Map.of(
                  "APP",
                  store.password(DatabaseLogin.APP),
                  "WORKER",
                  store.password(DatabaseLogin.WORKER)));
      program.redirectError(ProcessBuilder.Redirect.DISCARD);
      process = program.start();
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  /** The program of that process. */
  static final class ImportProgram {
    private ImportProgram() {}

    static void main(String[] arguments) throws Exception {
      var file = Path.of(arguments[1]);
      new EventImporter(
              CounterProcess.login(arguments[0], "worker"),
              CounterProcess.login(arguments[0], "app"),
              List.of("process"))
          .store(file, count -> {});
    }
  }
}
