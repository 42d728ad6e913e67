package io.kontor.query.account;

import io.kontor.api.account.AccountBalance;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountQuery.FindBalance;
import io.kontor.api.money.Money;
import io.kontor.query.BranchOffice;
import java.time.Instant;

/** Past balances, for tests that compare with them. */
public final class Balances {
  private final AccountQueryHandler queries;

  public Balances(BranchOffice office) {
    queries =
        new AccountQueryHandler(office.cache, office.transactions, office.sql, office.personalData);
  }

  public Money before(AccountId account, Instant at) {
    return queries
        .handle(new FindBalance(account.uuid(), at, null))
        .map(AccountBalance::balance)
        .orElseThrow();
  }
}
