package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import org.junit.jupiter.api.Test;

class FirstTransferTest {
  private final BankFixture bank = BankFixture.running();

  @Test
  void aTellerMovesMoneyBetweenTwoAccounts() {
    BankClient teller = bank.teller(bank.newTenant());
    String ada = teller.openAccount();
    String bob = teller.openAccount();
    teller.deposit(ada, "100.00").expect(200);

    Answer transfer = teller.transfer(ada, bob, "12.50").expect(201);

    assertThat(teller.getAfter(transfer, "/v1/accounts/" + ada).amount("balance"))
        .isEqualTo("87.50");
    assertThat(teller.getAfter(transfer, "/v1/accounts/" + bob).amount("balance"))
        .isEqualTo("12.50");
  }
}
