package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The register of tenants, as an operator sees it. */
class TenantsTest {
  private final BankFixture bank = BankFixture.running();
  private final BankClient operator = bank.operator();

  @Test
  void aTenantLivesInTheSharedDatabaseUnlessAnotherPlaceIsNamed() {
    String tenant = bank.newTenant();

    JsonNode found = operator.get("/v1/tenants/" + tenant).expect(200).json();

    assertThat(found.path("id").asString()).isEqualTo(tenant);
    assertThat(found.path("name").asString()).isEqualTo("A test");
    assertThat(found.path("isolation").asString()).isEqualTo("ROW");
    assertThat(found.path("registeredAt").asString()).isNotBlank();
  }

  @Test
  void anUnknownIsolationIsRefusedWithWhatIsPossible() {
    Answer refused =
        operator
            .post("/v1/tenants", "{'id':'tenant-table','name':'A test','isolation':'TABLE'}")
            .expect(400);

    assertThat(refused.json().path("errors").path(0).path("pointer").asString())
        .isEqualTo("/isolation");
    assertThat(refused.text("detail")).contains("ROW", "SCHEMA", "DATABASE");
    operator.get("/v1/tenants/tenant-table").expect(404);
  }

  @Test
  void tenantsAreListedInTheOrderOfTheirIds() {
    String one = bank.newTenant();
    String two = bank.newTenant();

    List<String> ids =
        operator.list("/v1/tenants").stream().map(tenant -> tenant.path("id").asString()).toList();

    assertThat(ids).contains(one, two, "acme", "globex").isSorted().doesNotHaveDuplicates();
    Answer page = operator.get("/v1/tenants?limit=1").expect(200);
    assertThat(page.json().path("items").path(0).path("id").asString()).isEqualTo(ids.getFirst());
    Answer next = operator.get("/v1/tenants?limit=1&cursor=" + page.text("next")).expect(200);
    assertThat(next.json().path("items").path(0).path("id").asString()).isEqualTo(ids.get(1));
  }

  @Test
  void toolsListAndShowTenants() {
    String tenant = bank.newTenant();
    var tools = new Tools(bank.folder());

    assertThat(tools.run("tenants", "list").expect(0).lines())
        .anyMatch(line -> line.startsWith(tenant + " ") && line.contains("ROW"));
    assertThat(tools.run("tenants", "show", tenant).expect(0).out())
        .contains("isolation   ROW", "name        A test");
    assertThat(tools.run("tenants", "show", "no-such-bank").expect(2).err())
        .startsWith("kontor: there is no tenant no-such-bank")
        .hasLineCount(1);
  }
}
