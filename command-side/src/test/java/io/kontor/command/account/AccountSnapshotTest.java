package io.kontor.command.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountEvent.InterestBooked;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
class AccountSnapshotTest {
  private static final AccountId ID = AccountId.parse("acme/01900000-0000-7000-8000-000000000001");

  @Test
  void anAccountSurvivesAsJson() {
    var account = new Account();
    var limit = Money.of("50.00", "EUR");
    account.evolve(
        new AccountOpened(
            ID,
            "cust-42",
            SealedText.inTheClear("cust-42", "Ada Lovelace"),
            limit.currency(),
            limit));
    place(account, new UUID(7, 2));
    place(account, new UUID(7, 1));
    account.evolve(new HoldReleased(ID, new UUID(7, 2), one(), one(), HoldReleaseReason.REQUESTED));
    place(account, new UUID(7, 3));
    account.evolve(
        new HoldCaptured(ID, new UUID(7, 3), new UUID(8, 1), one(), one(), one(), one(), "card"));
    account.evolve(
        new InterestBooked(
            ID, new UUID(8, 2), LocalDate.parse("2026-01-31"), one(), one(), one(), "interest"));
    var json = JsonMapper.shared();

    String snapshot = json.writeValueAsString(account);
    String again = json.writeValueAsString(json.readValue(snapshot, Account.class));

    assertThat(again).isEqualTo(snapshot);
    assertThat(json.readTree(snapshot))
        .isEqualTo(
            json.readTree(
                """
                {"id":"acme/01900000-0000-7000-8000-000000000001","customer":"cust-42",
                 "status":"OPEN",
                 "funds":{"balance":{"amount":"1.00","currency":"EUR"},
                          "held":{"amount":"1.00","currency":"EUR"},
                          "overdraftLimit":{"amount":"50.00","currency":"EUR"}},
                 "holds":{"active":{"00000000-0000-0007-0000-000000000001":
                            {"amount":{"amount":"1.00","currency":"EUR"},"reference":"card"}},
                          "ended":{"last":{"00000000-0000-0007-0000-000000000002":{},
                              "00000000-0000-0007-0000-000000000003":{"capture":
                                {"entry":"00000000-0000-0008-0000-000000000001",
                                 "amount":{"amount":"1.00","currency":"EUR"},"reference":"card",
                                 "refunded":false}}},
                            "forgotten":null},
                          "returned":{"last":{},"forgotten":null},
                          "forgottenEntry":null},
                 "interest":{"lastDay":"2026-01-31","total":{"amount":"1.00","currency":"EUR"}},
                 "fees":null}
                """));
  }

  private static void place(Account account, UUID hold) {
    account.evolve(new HoldPlaced(ID, hold, one(), one(), "card", null));
  }

  private static Money one() {
    return Money.of("1.00", "EUR");
  }
}
