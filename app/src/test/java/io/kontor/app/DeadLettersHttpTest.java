package io.kontor.app;

import static io.kontor.app.ParkedDeposit.LETTERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dead letters of a projection over HTTP: list, retry, discard. */
class DeadLettersHttpTest {
  private final BankFixture bank = BankFixture.running();
  private ParkedDeposit parked;
  private String tenant;
  private BankClient admin;
  private BankClient teller;

  @BeforeEach
  void parkADeposit() {
    parked = ParkedDeposit.in(bank);
    tenant = parked.tenant();
    admin = bank.admin(tenant);
    teller = bank.teller(tenant);
  }

  @Test
  void aLetterIsShownToItsTenantAloneAndTakenOnceItsCauseIsMended() {
    String path = LETTERS + "/" + parked.id();
    Answer shown = admin.get(path).expect(200);
    assertThat(shown.text("type")).isEqualTo("money-deposited");
    assertThat(shown.json().path("payload").toString()).contains("12.50");
    assertThat(bank.auditor(tenant).get(path).status()).isEqualTo(200);

    BankClient stranger = bank.admin(bank.newTenant());
    assertThat(stranger.get(LETTERS).expect(200).json().path("items")).isEmpty();
    assertThat(stranger.get(path).expect(404).slug()).isEqualTo("not-found");
    assertThat(post(stranger, path + "/retry", null).status()).isEqualTo(404);
    assertThat(post(stranger, path + "/discard", "{'reason':'x'}").status()).isEqualTo(404);
    assertThat(bank.operator().get(LETTERS).expect(403).slug()).isEqualTo("forbidden");
    assertThat(post(teller, path + "/retry", null).status()).isEqualTo(403);

    await()
        .atMost(ParkedDeposit.SOON)
        .untilAsserted(
            () ->
                assertThat(admin.list("/v1/notifications"))
                    .extracting(one -> one.path("kind").asString())
                    .containsExactly("PROJECTION_FAILED"));
    assertThat(admin.get("/v1/notifications").json().at("/items/0/data/projection").asString())
        .isEqualTo("accounts");

    parked.mend();
    post(admin, path + "/retry", null).expect(202);
    parked.awaitNone();
    parked.awaitBalance("14.00");
  }

  @Test
  void aDiscardedEventIsLeftOutAndItIsRecordedWhoDecidedItAndWhy() {
    String path = LETTERS + "/" + parked.id();
    assertThat(post(admin, path + "/discard", "{}").expect(400).slug())
        .isEqualTo("invalid-request");
    parked.mend();
    post(admin, path + "/discard", "{'reason':'booked by hand'}").expect(202);
    parked.awaitNone();

    assertThat(parked.discarded()).containsExactly("adam: booked by hand");
    assertThat(post(admin, path + "/discard", "{'reason':'again'}").status()).isEqualTo(404);
  }

  private static Answer post(BankClient client, String path, String body) {
    return client.post(path, body, "Idempotency-Key", BankClient.newKey());
  }
}
