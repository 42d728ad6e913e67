package io.kontor.app;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A tenant's read models at rest: accounts, statements, transfers and the trial balance, all in one
 * currency.
 */
final class Books {
  private final List<JsonNode> accounts;
  private final List<JsonNode> transfers;
  private final JsonNode trialBalance;
  private final List<Line> lines = new ArrayList<>();

  private Books(BankClient teller, BankClient auditor, String... atLeast) {
    accounts = teller.list("/v1/accounts", atLeast);
    transfers = teller.list("/v1/transfers", atLeast);
    trialBalance = auditor.get("/v1/ledger/trial-balance", atLeast).expect(200).json();
    for (JsonNode account : accounts) {
      String id = account.path("id").asString();
      teller
          .list("/v1/accounts/%s/postings".formatted(id), atLeast)
          .reversed()
          .forEach(posting -> lines.add(new Line(id, posting)));
    }
  }

  /** Reads all books, none of them older than {@code position}. */
  static Books at(long position, BankClient teller, BankClient auditor) {
    return new Books(teller, auditor, "Kontor-Min-Position", Long.toString(position));
  }

  /** The sum of all customers' balances. */
  BigDecimal total() {
    return sumOfBalances(accounts);
  }

  Map<String, BigDecimal> balances() {
    Map<String, BigDecimal> balances = new HashMap<>();
    accounts.forEach(
        account -> balances.put(account.path("id").asString(), amount(account, "balance")));
    return balances;
  }

  /** The ids of all transfers, newest first. */
  List<String> transfers() {
    return transfers.stream().map(transfer -> transfer.path("id").asString()).toList();
  }

  /** Checks that the books agree with each other to the cent. */
  Books agree() {
    assertBalanced(trialBalance);
    statementsAddUpToTheBalances();
    everyTransferHasBothLegsOnce();
    return this;
  }

  static BigDecimal sumOfBalances(Iterable<JsonNode> accounts) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode account : accounts) {
      sum = sum.add(amount(account, "balance"));
    }
    return sum;
  }

  static void assertBalanced(JsonNode trialBalance) {
    assertThat(trialBalance.size()).isEqualTo(1);
    JsonNode currency = trialBalance.get(0);
    assertThat(currency.path("difference").asString()).isEqualTo("0");
    assertThat(currency.path("debits").asString()).isEqualTo(currency.path("credits").asString());
  }

  private void statementsAddUpToTheBalances() {
    Map<String, BigDecimal> booked = new HashMap<>();
    for (Line line : lines) {
      BigDecimal after = booked.merge(line.account(), line.signed(), BigDecimal::add);
      assertThat(amount(line.posting(), "balanceAfter"))
          .describedAs("balance after %s of account %s", line.posting(), line.account())
          .isEqualByComparingTo(after);
    }
    balances()
        .forEach(
            (account, balance) ->
                assertThat(booked.getOrDefault(account, BigDecimal.ZERO))
                    .describedAs("postings of account %s", account)
                    .isEqualByComparingTo(balance));
  }

  private void everyTransferHasBothLegsOnce() {
    Map<String, List<Line>> entries =
        lines.stream()
            .filter(line -> line.posting().path("kind").asString().equals("TRANSFER"))
            .collect(groupingBy(Line::entry));
    Set<String> seen = new HashSet<>();
    for (JsonNode transfer : transfers) {
      String entry = transfer.path("entryId").asString();
      assertThat(seen.add(entry)).describedAs("entry %s is published once", entry).isTrue();
      BigDecimal amount = amount(transfer, "amount");
      assertThat(entries.get(entry))
          .describedAs("legs of transfer %s", transfer)
          .extracting(line -> line.account() + " " + line.signed())
          .containsExactlyInAnyOrder(
              transfer.path("from").asString() + " " + amount.negate(),
              transfer.path("to").asString() + " " + amount);
    }
    assertThat(entries.keySet()).isEqualTo(seen);
  }

  private static BigDecimal amount(JsonNode node, String field) {
    return new BigDecimal(node.path(field).path("amount").asString());
  }

  /** A line of an account's statement. */
  private record Line(String account, JsonNode posting) {
    String entry() {
      return posting.path("entryId").asString();
    }

    BigDecimal signed() {
      BigDecimal amount = amount(posting, "amount");
      return posting.path("direction").asString().equals("CREDIT") ? amount : amount.negate();
    }
  }
}
