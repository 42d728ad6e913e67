package io.kontor.query.report;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.ledger.TrialBalance;
import io.kontor.api.money.Money;
import io.kontor.query.table.TableWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;

/** The rows of reports. */
final class ReportTables {
  private static final List<String> ACCOUNT =
      List.of(
          "id",
          "customer",
          "owner",
          "currency",
          "status",
          "balance",
          "held",
          "available",
          "overdraftLimit",
          "openedAt");

  private ReportTables() {}

  static void write(List<TrialBalance> balances, TableWriter table) throws IOException {
    table.row(List.of("currency", "debits", "credits", "difference"));
    for (TrialBalance balance : balances) {
      table.row(
          List.of(
              balance.currency(),
              new BigDecimal(balance.debits()),
              new BigDecimal(balance.credits()),
              new BigDecimal(balance.difference())));
    }
    table.end();
  }

  /**
   * Writes accounts page by page.
   *
   * @param next the accounts after this one; empty at the end
   */
  static void write(
      List<AccountDetails> first,
      Function<AccountDetails, List<AccountDetails>> next,
      TableWriter table)
      throws IOException {
    table.row(ACCOUNT);
    List<AccountDetails> page = first;
    while (!page.isEmpty()) {
      for (AccountDetails account : page) {
        table.row(cells(account));
      }
      page = next.apply(page.getLast());
    }
    table.end();
  }

  private static List<?> cells(AccountDetails account) {
    return List.of(
        account.id(),
        account.customer(),
        account.owner(),
        account.currency(),
        account.status(),
        number(account.balance()),
        number(account.held()),
        number(account.available()),
        number(account.overdraftLimit()),
        account.openedAt());
  }

  private static BigDecimal number(Money money) {
    return new BigDecimal(money.amount());
  }
}
