package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.database.DatabaseLogin;
import io.kontor.testsupport.ApiClient.Answer;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** The right to erasure, in a store that never changes its events. */
class ForgettingTest {
  private static final BankFixture BANK = BankFixture.running();

  /** A unique name, so that any copy of it can be found. */
  private static final String NAME = "Wolfgang Amadeus Quillfeather";

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);
  private final BankClient admin = BANK.admin(tenant);

  @Test
  void aForgottenOwnerIsForgottenEverywhereAndTheMoneyStays() {
    Answer opened = open("cust-1", NAME);
    String account = opened.text("id");
    String other = open("cust-2", "Bob").text("id");
    Answer deposited = teller.deposit(account, "10.00").expect(200);
    assertThat(owner(deposited, account)).isEqualTo(NAME);
    List<JsonNode> before = events(account);
    assertThat(ids("quillfeather WOLFGANG")).containsExactly(account);
    assertThat(ids("quillfeather bob")).as("all words in one name").isEmpty();

    Answer forgotten = forget("cust-1").expect(204);
    assertThat(ids("quillfeather")).isEmpty();

    assertThat(owner(forgotten, account)).isEqualTo("(forgotten)");
    assertThat(owner(forgotten, other)).isEqualTo("Bob");
    assertThat(teller.list("/v1/accounts?customer=cust-1"))
        .allSatisfy(found -> assertThat(found.path("owner").asString()).isEqualTo("(forgotten)"));
    assertThat(teller.withdraw(account, "4.00").expect(200).amount("balance")).isEqualTo("6.00");
    assertThat(events(account).subList(0, before.size())).as("what is stored").isEqualTo(before);
  }

  private List<String> ids(String owner) {
    return teller.list("/v1/accounts?owner=" + URLEncoder.encode(owner, UTF_8)).stream()
        .map(account -> account.path("id").asString())
        .toList();
  }

  @Test
  void nothingInTheDatabaseHoldsAPlainName() {
    String key = BankClient.newKey();
    String body = "{'customer':'cust-1','owner':'%s','currency':'EUR'}".formatted(NAME);
    teller.post("/v1/accounts", body, "Idempotency-Key", key).expect(201);
    Answer again = teller.post("/v1/accounts", body, "Idempotency-Key", key).expect(201);
    assertThat(again.isReplayed()).isTrue();
    assertThat(owner(again, again.text("id"))).isEqualTo(NAME);

    assertThat(tablesOfTheTenant())
        .containsKeys("event", "account", "idempotency", "snapshot", "subject_name")
        .allSatisfy((table, rows) -> assertThat(rows).as(table).doesNotContain("Quillfeather"));
  }

  @Test
  void forgettingIsRecordedWithWhoAskedAndAskingAgainRecordsNothing() {
    open("cust-1", NAME);
    Answer first = forget("cust-1").expect(204);
    Answer second = forget("cust-1").expect(204);
    assertThat(second.position()).isGreaterThanOrEqualTo(first.position());
    List<JsonNode> recorded =
        BANK.auditor(tenant).list("/v1/admin/events?type=data-subject-forgotten");
    assertThat(recorded).hasSize(1);
    assertThat(recorded.getFirst().path("payload").path("subject").asString()).isEqualTo("cust-1");
    assertThat(recorded.getFirst().path("metadata").path("actor").asString()).isEqualTo("adam");
  }

  @Test
  void whoComesBackIsKnownByNameUntilForgottenOnceMore() {
    Answer before = open("cust-1", NAME);
    String key = BankClient.newKey();
    forget("cust-1", "Idempotency-Key", key).expect(204);
    Answer after = open("cust-1", "Amadeus");

    assertThat(forget("cust-1", "Idempotency-Key", key).expect(204).isReplayed()).isTrue();
    assertThat(owner(after, after.text("id"))).as("after a mere repetition").isEqualTo("Amadeus");
    assertThat(owner(after, before.text("id"))).isEqualTo("(forgotten)");

    Answer again = forget("cust-1").expect(204);
    assertThat(owner(again, after.text("id"))).isEqualTo("(forgotten)");
  }

  @Test
  void aTenantForgetsOnlyItsOwnAndOnlyItsAdminsDo() {
    Answer opened = open("cust-1", NAME);
    BANK.admin(BANK.newTenant()).send("DELETE", "/v1/admin/data-subjects/cust-1", null).expect(204);
    assertThat(owner(opened, opened.text("id"))).isEqualTo(NAME);
    teller.send("DELETE", "/v1/admin/data-subjects/cust-1", null).expect(403);
    assertThat(owner(opened, opened.text("id"))).isEqualTo(NAME);
  }

  private Answer open(String customer, String owner) {
    return teller
        .post(
            "/v1/accounts",
            "{'customer':'%s','owner':'%s','currency':'EUR'}".formatted(customer, owner))
        .expect(201);
  }

  private Answer forget(String customer, String... headers) {
    return admin.send("DELETE", "/v1/admin/data-subjects/" + customer, null, headers);
  }

  private String owner(Answer mutation, String account) {
    return teller.getAfter(mutation, "/v1/accounts/" + account).expect(200).text("owner");
  }

  private List<JsonNode> events(String account) {
    return BANK.auditor(tenant).list("/v1/admin/events?stream=" + account);
  }

  /** All that any login can read for the tenant, by table. */
  private Map<String, String> tablesOfTheTenant() {
    Map<String, String> tables = new HashMap<>();
    for (DatabaseLogin login : List.of(DatabaseLogin.APP, DatabaseLogin.WORKER)) {
      DataSource dataSource = BANK.postgres().dataSource(login);
      JdbcClient sql = JdbcClient.create(dataSource);
      new TransactionTemplate(new JdbcTransactionManager(dataSource))
          .executeWithoutResult(
              status -> {
                sql.sql(
                        """
                        select set_config('kontor.tenant', ?, true),
                               set_config('kontor.subject', 'cust', true)
                        """)
                    .param(tenant)
                    .query()
                    .singleRow();
                sql.sql(
                        """
                        select c.oid::regclass::text from pg_class c
                          join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                         where c.relkind in ('r', 'p') and has_table_privilege(c.oid, 'select')
                           and has_schema_privilege(c.relnamespace, 'usage')
                        """)
                    .query(String.class)
                    .list()
                    .forEach(table -> tables.merge(table, rows(sql, table), String::concat));
              });
    }
    return tables;
  }

  private String rows(JdbcClient sql, String table) {
    return sql.sql(
            "select coalesce(string_agg(t::text, ' '), '') from %s t where tenant_id = ?"
                .formatted(table))
        .param(tenant)
        .query(String.class)
        .single();
  }
}
