package io.kontor.query.statement;

import static io.kontor.query.BranchOffice.euro;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kontor.api.account.AccountEvent.AccountClosed;
import io.kontor.api.account.AccountId;
import io.kontor.job.queue.JobQueue;
import io.kontor.query.BranchOffice;
import io.kontor.query.statement.StatementQueries.Document;
import io.kontor.query.statement.StatementStore.Requested;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Statements from the read models to the stored document, and back. */
class StatementPrinterTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final BranchOffice OFFICE = new BranchOffice();
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private final StatementStore store =
      new StatementStore(OFFICE.workerTransactions, OFFICE.worker());
  private final StatementQueries queries =
      new StatementQueries(OFFICE.transactions, OFFICE.app(), OFFICE.personalData);
  private final StatementPrinter printer =
      new StatementPrinter(
          store,
          new StatementReader(
              OFFICE.workerTransactions, OFFICE.workerSql, OFFICE.personalData, tenants()),
          OFFICE.personalData,
          ready -> {});
  private final StatementRequests requests =
      new StatementRequests(
          OFFICE.transactions,
          OFFICE.app(),
          new JobQueue(OFFICE.app(), JsonMapper.shared(), () -> {}),
          new StatementProperties(BERLIN, 20, Duration.ofDays(90)));

  @BeforeAll
  static void registerTenant() {
    tenants().register(ACME, "Acme Bank", null);
  }

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Test
  void aStatementHasWhatIsBookedBetweenTheMidnightsOfTheZone() {
    AccountId account = OFFICE.opened("acme", "alice");
    book(account, "2026-03-28T22:59:59.999Z", "1.00", "1.00");
    book(account, "2026-03-28T23:00:00Z", "2.00", "3.00");
    book(account, "2026-03-29T21:59:59.999Z", "4.00", "7.00");
    book(account, "2026-03-29T22:00:00Z", "8.00", "15.00");
    assertThat(printed(account, "2026-03-29", "2026-03-30"))
        .as("the day on which summer time begins has 23 hours")
        .extracting(row -> row.split(",", -1)[3] + " " + row.split(",", -1)[7])
        .containsExactly(
            "OPENING_BALANCE 1.00", "DEPOSIT 3.00", "DEPOSIT 7.00", "CLOSING_BALANCE 7.00");
  }

  @Test
  void anAccountWithoutPostingsHasAStatement() {
    AccountId account = OFFICE.opened("acme", "alice");
    assertThat(printed(account, "2026-01-01", "2026-02-01"))
        .extracting(row -> row.split(",", -1)[7])
        .containsExactly("0.00", "0.00");
  }

  @Test
  void manyPagesOfPostingsAreWrittenInOrder() {
    AccountId account = OFFICE.opened("acme", "alice");
    for (int n = 1; n <= 7; n++) {
      OFFICE.deposited(n, account, "1.00", n + ".00");
    }
    var reader =
        new StatementReader(
            OFFICE.workerTransactions, OFFICE.workerSql, OFFICE.personalData, tenants(), 3);
    var small = new StatementPrinter(store, reader, OFFICE.personalData, ready -> {});
    UUID statement = request(account, "2026-01-01", "2026-02-01");
    print(small, statement);
    assertThat(rows(account, statement))
        .extracting(row -> row.split(",", -1)[7])
        .containsExactly("0.00", "1.00", "2.00", "3.00", "4.00", "5.00", "6.00", "7.00", "7.00");
  }

  @Test
  void itIsReadByItsTenantAndUnderItsAccountOnly() {
    AccountId account = OFFICE.opened("acme", "alice");
    AccountId other = OFFICE.opened("acme", "alice");
    UUID statement = request(account, "2026-01-01", "2026-02-01");
    assertThat(as(ACME, () -> queries.find(account.uuid(), statement)))
        .get()
        .extracting(StatementDetails::state)
        .isEqualTo(StatementState.REQUESTED);
    assertThat(as(ACME, () -> queries.document(account.uuid(), statement))).isEmpty();
    print(printer, statement);
    assertThat(as(ACME, () -> queries.list(account.uuid(), null, 9)))
        .extracting(StatementDetails::state)
        .containsExactly(StatementState.READY);
    assertThat(as(ACME, () -> queries.find(other.uuid(), statement))).isEmpty();
    assertThat(as(GLOBEX, () -> queries.find(account.uuid(), statement))).isEmpty();
    assertThat(stored(statement)).as("sealed").doesNotContain("OPENING_BALANCE", "account,");
  }

  @Test
  void ofTwoAttemptsOneDocumentStays() {
    AccountId account = OFFICE.opened("acme", "alice");
    UUID statement = request(account, "2026-01-01", "2026-02-01");
    print(printer, statement);
    UUID first = as(ACME, () -> queries.document(account.uuid(), statement)).orElseThrow().id();
    print(printer, statement);
    assertThat(as(ACME, () -> queries.document(account.uuid(), statement)).orElseThrow().id())
        .isEqualTo(first);
    assertThat(count("statement_part", statement)).isEqualTo(1);
  }

  @Test
  void aForgottenCustomersStatementsAreGone() {
    AccountId account = OFFICE.opened("acme", "carol");
    UUID statement = request(account, "2026-01-01", "2026-02-01");
    print(printer, statement);
    as(
        ACME,
        () -> {
          OFFICE.personalData.forget("carol", OFFICE.personalData.keyOf("carol"));
          return true;
        });
    assertThat(as(ACME, () -> queries.find(account.uuid(), statement))).isEmpty();
    assertThat(as(ACME, () -> queries.list(account.uuid(), null, 9))).isEmpty();
    UUID after = request(account, "2026-01-01", "2026-02-01");
    print(printer, after);
    assertThat(as(ACME, () -> queries.list(account.uuid(), null, 9))).hasSize(1);
  }

  @Test
  void aRequestWithTheSameKeyIsTheSameStatement() {
    AccountId account = OFFICE.opened("acme", "alice");
    var period = period("2026-01-01", "2026-02-01");
    UUID first = as(ACME, () -> requests.request(account.uuid(), period, "key-1", "tim", false));
    assertThat(as(ACME, () -> requests.request(account.uuid(), period, "key-1", "tim", false)))
        .isEqualTo(first);
    assertThat(as(ACME, () -> requests.request(account.uuid(), period, "key-2", "tim", false)))
        .isNotEqualTo(first);
  }

  @Test
  void whatIsTooOldIsDeletedWithItsDocument() {
    AccountId account = OFFICE.opened("acme", "alice");
    UUID statement = request(account, "2026-01-01", "2026-02-01");
    print(printer, statement);
    Instant requestedAt =
        as(ACME, () -> queries.find(account.uuid(), statement)).orElseThrow().requestedAt();
    as(ACME, () -> store.deleteBefore(requestedAt));
    assertThat(count("statement", statement)).isEqualTo(1);
    as(ACME, () -> store.deleteBefore(requestedAt.plusMillis(1)));
    assertThat(count("statement", statement)).isZero();
    assertThat(count("statement_part", statement)).isZero();
  }

  @Test
  void aRunAsksOnceForTheStatementOfEachAccountOfThePeriod() {
    TenantId initech = new TenantId("initech");
    AccountId open = OFFICE.opened("initech", "alice");
    AccountId closed = OFFICE.opened("initech", "alice");
    AccountId closedWithPostings = OFFICE.opened("initech", "alice");
    OFFICE.deposited(1, closedWithPostings, "1.00", "1.00");
    OFFICE.happens(2, new AccountClosed(closed), new AccountClosed(closedWithPostings));
    var workerRequests =
        new StatementRequests(
            OFFICE.workerTransactions,
            OFFICE.worker(),
            new JobQueue(OFFICE.worker(), JsonMapper.shared(), () -> {}),
            new StatementProperties(BERLIN, 20, Duration.ofDays(90)));
    var job =
        new StatementRunJob(
            store,
            workerRequests,
            OFFICE.readModels,
            OFFICE.workerTransactions,
            OFFICE.workerSql,
            OFFICE.worker());
    List<StatementRunDetails> seen = new ArrayList<>();
    as(
        initech,
        () -> {
          UUID run = requests.requestAll(period("2026-01-01", "2026-02-01"), null, "adam");
          seen.add(queries.findRun(run).orElseThrow());
          for (int attempt = 1; attempt <= 2; attempt++) {
            long asked = job.requestAll(run, store.requestedRun(run), run, (done, total) -> {});
            assertThat(asked).isEqualTo(2);
          }
          seen.add(queries.findRun(run).orElseThrow());
          for (AccountId account : List.of(open, closedWithPostings)) {
            UUID statement = queries.list(account.uuid(), null, 9).getFirst().id();
            print(initech, printer, statement);
          }
          seen.add(queries.findRun(run).orElseThrow());
          assertThat(queries.list(closed.uuid(), null, 9)).isEmpty();
          return true;
        });
    assertThat(seen)
        .extracting(StatementRunDetails::state, StatementRunDetails::total)
        .containsExactly(
            tuple(StatementState.REQUESTED, null),
            tuple(StatementState.IN_PROGRESS, 2L),
            tuple(StatementState.READY, 2L));
  }

  private List<String> printed(AccountId account, String from, String to) {
    UUID statement = request(account, from, to);
    print(printer, statement);
    return rows(account, statement);
  }

  private UUID request(AccountId account, String from, String to) {
    return as(ACME, () -> requests.request(account.uuid(), period(from, to), null, "tim", false));
  }

  private void print(StatementPrinter printer, UUID statement) {
    print(ACME, printer, statement);
  }

  private void print(TenantId tenant, StatementPrinter printer, UUID statement) {
    as(
        tenant,
        () -> {
          try {
            Requested requested = store.requested(statement);
            printer.print(statement, requested, (done, total) -> {});
            return true;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Without the names of the columns. */
  private List<String> rows(AccountId account, UUID statement) {
    return as(
        ACME,
        () -> {
          Optional<Document> document = queries.document(account.uuid(), statement);
          UUID id = document.orElseThrow().id();
          try (InputStream in =
              DocumentParts.read(
                  document.get().parts(), part -> queries.part(id, part).orElseThrow())) {
            byte[] bytes = in.readAllBytes();
            assertThat(bytes).hasSize(Math.toIntExact(document.get().bytes()));
            return new String(bytes, UTF_8).lines().skip(1).toList();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void book(AccountId account, String at, String amount, String balance) {
    OFFICE.depositedAt(Instant.parse(at), account, euro(amount), euro(balance));
  }

  private static StatementPeriod period(String from, String to) {
    return new StatementPeriod(LocalDate.parse(from), LocalDate.parse(to), StatementFormat.CSV);
  }

  private static int count(String table, UUID statement) {
    return as(
        ACME,
        () ->
            OFFICE.workerTransactions.read(
                () ->
                    JdbcClient.create(OFFICE.worker())
                        .sql(
                            "select count(*) from kontor.%s where statement_id = ?"
                                .formatted(table))
                        .param(statement)
                        .query(Integer.class)
                        .single()));
  }

  private static String stored(UUID statement) {
    return as(
        ACME,
        () ->
            OFFICE.workerTransactions.read(
                () ->
                    JdbcClient.create(OFFICE.worker())
                        .sql(
                            """
                            select string_agg(encode(sealed, 'escape'), '')
                              from kontor.statement_part where statement_id = ?
                            """)
                        .param(statement)
                        .query(String.class)
                        .single()));
  }

  private static TenantRegistry tenants() {
    return new TenantRegistry(OFFICE.transactions, OFFICE.app());
  }

  private static <T> T as(TenantId tenant, Supplier<T> work) {
    return TenantContext.call(tenant, work::get);
  }
}
