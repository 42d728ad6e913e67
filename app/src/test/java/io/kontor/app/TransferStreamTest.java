package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.testsupport.ApiClient.Answer;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Transfers that are sent as a stream of lines, with a result line for each. */
@Timeout(120)
class TransferStreamTest {
  private static final String PATH = "/v1/transfers/bulk";

  private final BankFixture bank = BankFixture.running();
  private final String tenant = bank.newTenant();
  private final BankClient teller = bank.teller(tenant);
  private final BankClient auditor = bank.auditor(tenant);
  private final String ada = teller.openAccount();
  private final String bob = teller.openAccount();
  private final List<JsonNode> results = new ArrayList<>();

  @BeforeEach
  void adaHasMoney() {
    teller.deposit(ada, "100.00").expect(200);
  }

  @Test
  void everyLineIsAnsweredInItsPlace() throws IOException {
    String frozen = teller.openAccount();
    teller.freeze(frozen).expect(200);
    List<String> lines = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int n = 0; n < 1_200; n++) {
      lines.add(transfer("k" + n, n % 5 == 0 ? bob : frozen, "0.05"));
      expected.add(n % 5 == 0 ? 201 : 422);
    }
    lines.set(200, "{'idempotencyKey':'cut off");
    lines.set(300, transfer("k300", bob, "0"));
    lines.set(400, BankClient.transferBody(ada, bob, "0.05"));
    lines.set(500, "x".repeat(100_000));
    lines.set(600, "");
    IntStream.of(200, 300, 400).forEach(n -> expected.set(n, 400));
    expected.set(500, 413);
    expected.subList(600, 601).clear();

    sendAll(lines);

    assertThat(results).extracting(result -> result.path("status").asInt()).isEqualTo(expected);
    assertThat(result(1).path("type").asString()).endsWith("/account-frozen");
    assertThat(result(200).path("detail").asString()).contains("not valid JSON");
    assertThat(result(400).path("detail").asString()).isEqualTo("/idempotencyKey: is required");
    assertThat(results.getLast().path("line").asInt()).isEqualTo(1_200);
    Books books = Books.at(lastPosition(), teller, auditor).agree();
    assertThat(books.balances().get(bob)).isEqualByComparingTo("11.75");
    assertThat(books.transfers()).hasSize(235);
  }

  @Test
  void aResultComesBeforeTheNextLineIsSent() throws IOException {
    try (var stream = LineStream.open(teller, PATH)) {
      for (int n = 1; n <= 3; n++) {
        JsonNode result = stream.send(transfer("step" + n, bob, "1.00")).next();
        assertThat(result.path("line").asInt()).isEqualTo(n);
        assertThat(result.path("status").asInt()).isEqualTo(201);
        String booked = "/v1/transfers/" + result.path("id").asString();
        String position = result.path("position").asString();
        teller.get(booked, "Kontor-Min-Position", position).expect(200);
      }
      assertThat(stream.end().next()).isNull();
    }
  }

  @Test
  void anInterruptedStreamIsSentAgainWithTheSameKeys() throws IOException {
    List<String> lines =
        IntStream.range(0, 60).mapToObj(n -> transfer("again" + n, bob, "1.00")).toList();
    List<String> first = new ArrayList<>();
    try (var stream = LineStream.open(teller, PATH)) {
      stream.send(lines.subList(0, 30).toArray(String[]::new));
      for (int n = 0; n < 10; n++) {
        first.add(stream.next().path("id").asString());
      }
    }

    sendAll(lines);
    while (results.stream().anyMatch(result -> result.path("status").asInt() == 409)) {
      // Some of the first stream may still be under way.
      results.clear();
      sendAll(lines);
    }

    assertThat(results).allMatch(result -> result.path("status").asInt() == 201);
    assertThat(results.subList(0, 10))
        .allMatch(result -> result.path("replayed").asBoolean())
        .extracting(result -> result.path("id").asString())
        .isEqualTo(first);
    Books books = Books.at(lastPosition(), teller, auditor).agree();
    assertThat(books.balances().get(bob)).isEqualByComparingTo("60.00");
    assertThat(books.transfers()).hasSize(60);
  }

  @Test
  void aKeyThatComesTwiceRepeatsItsTransferOrIsRefused() throws IOException {
    sendAll(
        List.of(
            transfer("twice", bob, "1.00"),
            transfer("twice", bob, "1.00"),
            transfer("twice", bob, "2.00")));

    assertThat(results)
        .extracting(result -> result.path("status").asInt())
        .containsExactly(201, 201, 422);
    assertThat(result(1).path("id")).isEqualTo(result(0).path("id"));
    assertThat(result(1).path("replayed").asBoolean()).isTrue();
    assertThat(result(2).path("type").asString()).endsWith("/idempotency-key-reuse");
    Answer alone = teller.transfer("twice", ada, bob, "1.00").expect(201);
    assertThat(alone.isReplayed()).isTrue();
    assertThat(alone.json().path("id")).isEqualTo(result(0).path("id"));
  }

  @Test
  void aClientThatTakesNoResultsIsNotReadFrom() throws Exception {
    int count = 80_000;
    String line = "x".repeat(250);
    var written = new AtomicInteger();
    try (var stream = LineStream.open(teller, PATH)) {
      var sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int n = 0; n < count; n += 100) {
                    stream.send((line + "\n").repeat(99) + line);
                    written.addAndGet(100);
                  }
                  stream.end();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      int before = -1;
      while (written.get() != before && !sending.isDone()) {
        before = written.get();
        waitAMoment(sending);
      }
      assertThat(written).hasValueLessThan(count);

      for (JsonNode next = stream.next(); next != null; next = stream.next()) {
        assertThat(next.path("status").asInt()).isEqualTo(400);
        results.add(next);
      }
      assertThat(results).hasSize(count);
      sending.join();
    }
  }

  @Test
  void aClientThatStopsSendingIsCutOff() throws IOException {
    try (var stream = LineStream.open(teller, PATH)) {
      assertThat(stream.send(transfer("one", bob, "1.00")).next().path("status").asInt())
          .isEqualTo(201);
      assertThatThrownBy(stream::next).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aTenantHasAFewStreamsAtOnce() throws IOException {
    List<LineStream> open = new ArrayList<>();
    try {
      for (int n = 0; n < 4; n++) {
        open.add(LineStream.open(teller, PATH));
        open.get(n).send(transfer("open" + n, bob, "1.00")).next();
      }
      try (var fifth = LineStream.open(teller, PATH)) {
        assertThat(fifth.send(transfer("fifth", bob, "1.00")).status()).isEqualTo(429);
      }
      try (var another = LineStream.open(bank.teller(bank.newTenant()), PATH)) {
        assertThat(another.send("{}").next().path("status").asInt()).isEqualTo(400);
      }
    } finally {
      for (LineStream stream : open) {
        stream.close();
      }
    }
  }

  @Test
  void aStreamIsForThoseWhoTransferAndForNoOtherCall() throws IOException {
    try (var stream = LineStream.open(auditor, PATH)) {
      assertThat(stream.status()).isEqualTo(403);
    }
    try (var stream = LineStream.open(teller, "/v1/accounts")) {
      assertThat(stream.send("{}").end().status()).isEqualTo(415);
    }
    BankClient customer = bank.customer(tenant, "cust-7");
    String own = teller.openAccount("cust-7", "EUR");
    teller.deposit(own, "5.00").expect(200);
    try (var stream = LineStream.open(customer, PATH)) {
      String fromOwn = transfer("own", bob, "1.00").replace(ada, own);
      stream.send(fromOwn, transfer("foreign", bob, "1.00")).end();
      assertThat(stream.next().path("status").asInt()).isEqualTo(201);
      assertThat(stream.next().path("status").asInt()).isEqualTo(404);
    }
  }

  private void sendAll(List<String> lines) throws IOException {
    try (var stream = LineStream.open(teller, PATH)) {
      stream.send(lines.toArray(String[]::new)).end();
      assertThat(stream.status()).isEqualTo(200);
      for (JsonNode next = stream.next(); next != null; next = stream.next()) {
        results.add(next);
      }
    }
  }

  private JsonNode result(int index) {
    return results.get(index);
  }

  private long lastPosition() {
    return results.stream()
        .mapToLong(result -> result.path("position").asLong(0))
        .max()
        .getAsLong();
  }

  private static void waitAMoment(CompletableFuture<?> sending) throws Exception {
    try {
      sending.get(500, TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillSending) {
      // as it should
    }
  }

  private String transfer(String key, String to, String amount) {
    return "{'idempotencyKey':'%s',%s"
        .formatted(key, BankClient.transferBody(ada, to, amount).substring(1));
  }
}
