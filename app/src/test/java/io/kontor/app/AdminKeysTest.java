package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An idempotency key belongs to one request, also for calls that send no command. */
class AdminKeysTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String RETRY = "/v1/admin/projections/%s/dead-letters/retry";

  private String key;
  private String tenant;

  @BeforeEach
  void choose() {
    key = BankClient.newKey();
    tenant = BANK.newTenant();
  }

  @Test
  void anOperatorsKeyRegistersOneTenant() {
    BankClient operator = BANK.operator();
    String one = tenant + "-one";
    String two = tenant + "-two";

    Answer first = register(operator, one, "A name").expect(201);
    assertThat(first.isReplayed()).isFalse();
    assertThat(register(operator, one, "A name").expect(201).isReplayed()).isTrue();
    assertReused(register(operator, one, "Another name"));
    assertReused(register(operator, two, "A name"));
    assertThat(BANK.teller(two).get("/v1/accounts").expect(403).slug()).isEqualTo("unknown-tenant");
    assertReused(post(operator, RETRY.formatted("accounts")));
    assertReused(post(operator, "/v1/admin/projections/accounts/rebuild?tenant=" + tenant));
    assertThat(register(operator, one, "A name").expect(201).isReplayed()).isTrue();
  }

  @Test
  void anOperatorsKeyRebuildsForOneTenant() {
    BankClient operator = BANK.operator();
    String rebuild = "/v1/admin/projections/accounts/rebuild?tenant=";

    post(operator, rebuild + tenant).expect(202);
    assertThat(post(operator, rebuild + tenant).expect(202).isReplayed()).isTrue();
    assertReused(post(operator, rebuild + BANK.newTenant()));
    assertReused(register(operator, tenant + "-one", "A name"));
  }

  @Test
  void aTenantsKeyIsForCommandsAndAdministrationAlike() {
    BankClient both = BANK.anyone().withRoles(tenant, "adam", List.of("admin", "teller"));
    String open = "{'customer':'c','owner':'o','currency':'EUR'}";

    both.post("/v1/accounts", open, "Idempotency-Key", key).expect(201);
    assertReused(post(both, RETRY.formatted("accounts")));
    assertReused(post(both, "/v1/admin/projections/rebuild"));

    key = BankClient.newKey();
    post(both, RETRY.formatted("accounts")).expect(202);
    assertThat(post(both, RETRY.formatted("accounts")).expect(202).isReplayed()).isTrue();
    assertReused(post(both, RETRY.formatted("orders")));
    assertReused(both.post("/v1/accounts", open, "Idempotency-Key", key));
  }

  private Answer register(BankClient operator, String id, String name) {
    return operator.post(
        "/v1/tenants", "{'id':'%s','name':'%s'}".formatted(id, name), "Idempotency-Key", key);
  }

  private Answer post(BankClient caller, String path) {
    return caller.post(path, "", "Idempotency-Key", key);
  }

  private static void assertReused(Answer answer) {
    assertThat(answer.expect(422).slug()).isEqualTo("idempotency-key-reuse");
  }
}
