package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.eventstore.read.WriterLock;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Tenants with a schema or a database of their own, beside others in the shared tables. */
class CellsTest {
  private final BankFixture bank = BankFixture.running();

  private final List<String> tenants = new ArrayList<>();

  /** An open cell keeps threads and connections that later tests pay for. */
  @AfterEach
  void closeTenants() {
    tenants.forEach(bank::closeTenant);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ROW")
  void aTenantWithAPlaceOfItsOwnIsServedLikeAnyOther(TenantIsolation isolation) {
    String tenant = newTenant(isolation);
    BankClient teller = bank.teller(tenant);
    String ada = teller.openAccount();
    String bob = teller.openAccount();
    teller.deposit(ada, "100.00").expect(200);

    Answer transfer = teller.transfer(ada, bob, "12.50").expect(201);

    assertThat(teller.getAfter(transfer, "/v1/accounts/" + ada).amount("balance"))
        .isEqualTo("87.50");
    Books.at(transfer.position(), teller, bank.auditor(tenant)).agree();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ROW")
  void ordersAndPaymentsComeToAnEndThere(TenantIsolation isolation) {
    String tenant = newTenant(isolation);
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    teller.deposit(account, "100.00").expect(200);
    teller.offer("MUG-1", "9.90", 10);

    JsonNode order = teller.orderAndWait(account, "MUG-1", 2).json();
    String payment = teller.pay(account, "10.00").expect(202).text("id");

    assertThat(order.path("status").asString()).isEqualTo("CONFIRMED");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(teller.get("/v1/payments/" + payment).expect(200).text("status"))
                    .isEqualTo("SETTLED"));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ROW")
  void itsUsersAreSentNotificationsOverAWebSocketThatATicketOpens(TenantIsolation isolation)
      throws Exception {
    String tenant = newTenant(isolation);
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount("ada", "EUR");
    String ticket =
        bank.customer(tenant, "ada")
            .post("/v1/notifications/tickets", "")
            .expect(201)
            .text("ticket");

    var socket =
        SocketClient.offering(bank.anyone(), new String[0], "kontor.v1", "kontor.ticket." + ticket);
    teller.deposit(account, "1.00").expect(200);

    assertThat(socket.next().path("kind").asString()).isEqualTo("MONEY_IN");
    socket.close();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ROW")
  void itsEventsAreInItsPlaceAloneAndCountedThere(TenantIsolation isolation) {
    String tenant = newTenant(isolation);
    BankClient teller = bank.teller(tenant);
    Answer opened = teller.open("cust-42", "EUR");

    assertThat(opened.position()).isEqualTo(1);
    JdbcTemplate own = bank.tablesOf(tenant, isolation);
    assertThat(events(shared(), tenant)).isZero();
    assertThat(events(own, tenant)).isEqualTo(1);
    assertThat(own.queryForList("select distinct tenant_id from event")).hasSize(1);
  }

  @Test
  void tenantsSeeNothingOfEachOtherAcrossPlaces() {
    String one = newTenant(TenantIsolation.SCHEMA);
    String schema = newTenant(TenantIsolation.SCHEMA);
    String database = newTenant(TenantIsolation.DATABASE);
    String rows = bank.newTenant();
    String account = bank.teller(one).openAccount();

    for (String other : List.of(schema, database, rows)) {
      BankClient stranger = bank.teller(other);
      stranger.get("/v1/accounts/" + account).expect(404);
      stranger.deposit(account, "1.00").expect(404);
      stranger.get("/v1/accounts/" + account, "Kontor-Cell", one).expect(404);
      stranger.post("/v1/accounts/%s/close".formatted(account), "", "Kontor-Cell", one).expect(404);
    }
    assertThat(bank.teller(one).get("/v1/accounts/" + account).expect(200).status()).isEqualTo(200);
  }

  @Test
  void theWriterOfASchemaWaitsForNoOtherSchemas() {
    BankClient teller = bank.teller(newTenant(TenantIsolation.SCHEMA));
    String account = teller.openAccount();
    DataSource shared = bank.postgres().dataSource(DatabaseLogin.WORKER);

    new TransactionTemplate(new JdbcTransactionManager(shared))
        .executeWithoutResult(
            _ -> {
              new JdbcTemplate(shared)
                  .queryForList("select pg_advisory_xact_lock(%s)".formatted(WriterLock.KEY));
              teller.deposit(account, "1.00").expect(200);
            });
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ROW")
  void anOperatorNamesThePlaceItsCallsConcern(TenantIsolation isolation) {
    String tenant = newTenant(isolation);
    BankClient teller = bank.teller(tenant);
    Answer opened = teller.open("cust-42", "EUR");
    teller.getAfter(opened, "/v1/accounts").expect(200);
    BankClient operator = bank.operator();

    JsonNode projections =
        operator.get("/v1/admin/projections", "Kontor-Cell", tenant).expect(200).json();

    assertThat(projections.path(0).path("head").asLong()).isEqualTo(1);
    assertThat(
            operator.get("/v1/admin/projections", "Kontor-Cell", "acme").expect(400).text("detail"))
        .contains("database of its own");
    Answer rebuild =
        operator
            .post("/v1/admin/projections/accounts/rebuild", "", "Kontor-Cell", tenant)
            .expect(202);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(
                        operator
                            .get(rebuild.header("Location"), "Kontor-Cell", tenant)
                            .expect(200)
                            .text("state"))
                    .isEqualTo("DONE"));
    assertThat(teller.get("/v1/accounts").expect(200).json().path("items")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ROW")
  void theOperatorSeesWhereATenantIsAndNoPassword(TenantIsolation isolation) {
    String tenant = newTenant(isolation);

    Answer found = bank.operator().get("/v1/tenants/" + tenant).expect(200);

    assertThat(found.text("isolation")).isEqualTo(isolation.name());
    assertThat(found.text("database")).contains(tenant);
    assertThat(found.json().toString()).doesNotContain(bank.postgres().password(DatabaseLogin.APP));
    assertThat(new Tools(bank.folder()).run("tenants", "show", tenant).expect(0).out())
        .contains("isolation   " + isolation, "database    ", "kontor-" + tenant);
  }

  @Test
  void itsApiKeysAndItsLimitsAreKnownWhereRequestsComeIn() {
    String tenant = newTenant(TenantIsolation.SCHEMA);
    BankClient admin = bank.anyone().withRoles(tenant, "adam", List.of("admin", "teller"));
    Answer key =
        admin.post("/v1/api-keys", "{'name':'n','scopes':['teller'],'validForDays':1}").expect(201);
    var machine = new BankClient(admin.port(), key.text("key"));

    machine.openAccount();
    assertThat(machine.get("/v1/caller").expect(200).text("tenant")).isEqualTo(tenant);
    admin.get("/v1/tenants/%s/limits".formatted(tenant)).expect(200);
    admin.send("DELETE", "/v1/api-keys/" + key.text("id"), "").expect(204);
    machine.get("/v1/accounts").expect(401);
  }

  @Test
  void aRegistrationIsRepeatedByItsKeyOnly() {
    BankClient operator = bank.operator();
    String tenant = bank.newTenant() + "-own";
    tenants.add(tenant);
    String body = "{'id':'%s','name':'A test','isolation':'SCHEMA'}".formatted(tenant);
    String key = BankClient.newKey();

    operator.post("/v1/tenants", body, "Idempotency-Key", key).expect(201);

    assertThat(operator.post("/v1/tenants", body, "Idempotency-Key", key).expect(201).isReplayed())
        .isTrue();
    assertThat(operator.post("/v1/tenants", body).expect(409).slug()).isEqualTo("tenant-exists");
  }

  private String newTenant(TenantIsolation isolation) {
    String tenant = bank.newTenantIn(isolation);
    tenants.add(tenant);
    return tenant;
  }

  private JdbcTemplate shared() {
    return new JdbcTemplate(bank.postgres().dataSource(DatabaseLogin.WORKER));
  }

  private static int events(JdbcTemplate database, String tenant) {
    Integer events =
        database.queryForObject(
            "select count(*) from event where tenant_id = ?", Integer.class, tenant);
    return events == null ? 0 : events;
  }
}
