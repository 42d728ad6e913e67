package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.database.DatabaseLogin;
import io.kontor.testsupport.ApiClient.Answer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;

/** Keys with which machines call the API, and who has no use of them. */
class ApiKeysTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String KEYS = "/v1/api-keys";
  private static final String TELLERS = "{'name':'payroll','scopes':['teller'],'validForDays':90}";

  private final String tenant = BANK.newTenant();
  private final BankClient creator =
      BANK.anyone().withRoles(tenant, "adam", List.of("admin", "teller"));

  @Test
  void aKeyMayDoWhatItsScopesSayAndNothingElse() {
    BankClient machine = machine(create(TELLERS));

    machine.openAccount();
    for (Endpoint read : reads()) {
      Answer answer = machine.get(read.path("01900000-0000-7000-8000-000000000000"));
      assertThat(answer.status() == 403)
          .as("%s: %d", read.call(), answer.status())
          .isEqualTo(!read.roles().contains("teller"));
      assertThat(answer.status()).as(read.call()).isNotEqualTo(401);
    }
    machine.post("/v1/tenants", "{'id':'of-a-key','name':'n'}").expect(403);
  }

  private static List<Endpoint> reads() {
    return Endpoint.ALL.stream()
        .filter(endpoint -> endpoint.method().equals("GET") && !endpoint.roles().isEmpty())
        .toList();
  }

  @Test
  void aKeyIsTakenForItsSubjectInItsTenant() {
    Answer created =
        create("{'name':'n','scopes':['teller'],'subject':'key:payroll','validForDays':1}");
    JsonNode caller = machine(created).get("/v1/caller").expect(200).json();

    assertThat(caller.path("tenant").asString()).isEqualTo(tenant);
    assertThat(caller.path("subject").asString()).isEqualTo("key:payroll");
    assertThat(caller.path("roles").valueStream().map(JsonNode::asString))
        .containsExactly("teller");
    assertThat(caller.path("apiKey").asString()).isEqualTo(created.text("id"));
    assertThat(creator.get("/v1/caller").json().has("apiKey")).isFalse();
  }

  @Test
  void aKeyIsShownOnceAndStoredAsADigest() {
    Answer created = creator.post(KEYS, TELLERS, "Idempotency-Key", "once").expect(201);
    Answer again = creator.post(KEYS, TELLERS, "Idempotency-Key", "once").expect(201);
    String id = created.text("id");
    String secret = key(created).substring(key(created).length() - 43);

    assertThat(again.isReplayed()).isTrue();
    assertThat(again.text("id")).isEqualTo(id);
    assertThat(again.json().has("key")).isFalse();
    assertThat(creator.get(KEYS).http().body()).contains(id).doesNotContain(secret);
    Map<String, Object> row =
        asOwner(
            sql ->
                sql.queryForMap("select * from kontor.api_key where key_id = cast(? as uuid)", id));
    assertThat(row.toString()).doesNotContain(secret);
    assertThat((byte[]) row.get("digest")).hasSize(32);
  }

  @Test
  void whenAKeyWasLastUsedIsRecorded() {
    Answer created = create(TELLERS);
    assertThat(details(created).has("lastUsedAt")).isFalse();
    machine(created).get("/v1/accounts").expect(200);
    assertThat(details(created).path("lastUsedAt").asString()).isNotBlank();
  }

  @Test
  void aRevokedKeyIsRefusedAtOnceWhereItWasRevoked() {
    Answer created = create(TELLERS);
    BankClient machine = machine(created);
    machine.get("/v1/accounts").expect(200);

    creator.send("DELETE", path(created), "").expect(204);

    Answer refused = machine.get("/v1/accounts").expect(401);
    assertThat(refused.slug()).isEqualTo("unauthorized");
    assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(details(created).path("revokedAt").asString()).isNotBlank();
    creator.send("DELETE", path(created), "").expect(204);
  }

  @Test
  void anExpiredKeyIsRefused() {
    Answer created = create(TELLERS);
    asOwner(
        sql ->
            sql.update(
                "update kontor.api_key set expires_at = now() where key_id = cast(? as uuid)",
                created.text("id")));
    machine(created).get("/v1/accounts").expect(401);
  }

  @Test
  void aKeyThatWasAlteredIsRefused() {
    String key = key(create(TELLERS));
    String other = BANK.newTenant();
    String foreign = key(admin(other).post(KEYS, adminsKey()).expect(201));
    char last = key.charAt(key.length() - 1);

    for (String altered :
        List.of(
            key.replace(tenant, other),
            key.replace(tenant, "no-such-bank"),
            key.substring(0, key.length() - 1) + (last == 'A' ? 'B' : 'A'),
            key.substring(0, key.length() - 43) + foreign.substring(foreign.length() - 43),
            key.substring(0, key.length() - 1),
            "kontor_")) {
      Answer refused = new BankClient(creator.port(), altered).get("/v1/accounts").expect(401);
      assertThat(refused.http().body()).doesNotContain(key);
    }
  }

  @Test
  void aKeyOfAnotherTenantDoesNotExist() {
    Answer created = create(TELLERS);
    BankClient stranger = admin(BANK.newTenant());

    stranger.get(path(created)).expect(404);
    stranger.send("DELETE", path(created), "").expect(404);
    assertThat(stranger.get(KEYS).expect(200).json().path("items")).isEmpty();
    machine(created).get("/v1/accounts").expect(200);
  }

  @Test
  void aKeyNeverHasMoreThanItsCreator() {
    BankClient admin = admin(tenant);
    admin.post(KEYS, TELLERS).expect(403);
    admin.post(KEYS, adminsKey().replace("admin", "operator")).expect(403);
    admin
        .post(KEYS, "{'name':'n','scopes':['admin'],'subject':'olga','validForDays':1}")
        .expect(400);
    BankClient customer = BANK.anyone().withRoles(tenant, "carl", List.of("admin", "customer"));
    String customers = "{'name':'n','scopes':['customer'],'subject':'%s','validForDays':1}";
    customer.post(KEYS, customers.formatted("cust-42")).expect(400);
    customer.post(KEYS, customers.formatted("key:cust-42")).expect(400);
    customer.post(KEYS, customers.formatted("carl")).expect(201);
    admin.post(KEYS, adminsKey().replace("1}", "367}")).expect(400);
  }

  @Test
  void aKeyCreatesNoKeys() {
    BankClient machine = machine(admin(tenant).post(KEYS, adminsKey()).expect(201));
    machine.get(KEYS).expect(200);
    machine.post(KEYS, adminsKey()).expect(403);
  }

  private Answer create(String body) {
    return creator.post(KEYS, body).expect(201);
  }

  private JsonNode details(Answer created) {
    return creator.get(path(created)).expect(200).json();
  }

  private static BankClient admin(String tenant) {
    return BANK.admin(tenant);
  }

  private static String adminsKey() {
    return "{'name':'n','scopes':['admin'],'validForDays':1}";
  }

  private static String path(Answer created) {
    return KEYS + "/" + created.text("id");
  }

  private static String key(Answer created) {
    return created.text("key");
  }

  private static BankClient machine(Answer created) {
    return new BankClient(BANK.anyone().port(), key(created));
  }

  /** Row-level security binds the owner, too. */
  private <R> R asOwner(Function<JdbcTemplate, R> work) {
    try (var connection = BANK.postgres().dataSource(DatabaseLogin.OWNER).getConnection()) {
      var sql = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      sql.queryForObject("select set_config('kontor.tenant', ?, false)", String.class, tenant);
      return work.apply(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
