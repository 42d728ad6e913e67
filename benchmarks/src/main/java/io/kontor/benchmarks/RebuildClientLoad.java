package io.kontor.benchmarks;

import io.kontor.api.account.AccountId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Four clients that write and four that read, each in a closed loop. A reader reads the same
 * accounts repeatedly and counts a gap when data it has seen is missing or older.
 */
final class RebuildClientLoad implements AutoCloseable {
  private static final int EACH = 4;
  private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*(\\d+)");
  private static final Pattern POSTING = Pattern.compile("\"entryId\"");

  private final int port;
  private final List<AccountId> accounts;
  private final String headers;
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong gaps = new AtomicLong();
  private final Thread[] threads = new Thread[2 * EACH];
  private volatile boolean closed;

  private interface Client {
    void call(HttpConnection connection, int n) throws IOException;
  }

  RebuildClientLoad(int port, List<AccountId> accounts) throws IOException {
    this.port = port;
    this.accounts = accounts;
    headers = "Authorization: Bearer " + HttpConnection.tellerToken(port) + "\r\n";
    for (int n = 0; n < threads.length; n++) {
      int self = n;
      Client client = n < EACH ? this::write : reader();
      threads[n] = Thread.ofPlatform().daemon().start(() -> run(client, self));
    }
  }

  long writes() {
    return writes.get();
  }

  long reads() {
    return reads.get();
  }

  long failures() {
    return failures.get();
  }

  long gaps() {
    return gaps.get();
  }

  double writesPerSecond(Duration time) throws InterruptedException {
    long before = writes.get();
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    return (writes.get() - before) * 1e9 / time.toNanos();
  }

  private void run(Client client, int n) {
    try (var connection = new HttpConnection(port)) {
      while (!closed) {
        client.call(connection, n);
      }
    } catch (IOException e) {
      failures.incrementAndGet();
    }
  }

  private void write(HttpConnection connection, int n) throws IOException {
    AccountId account = accounts.get(ThreadLocalRandom.current().nextInt(accounts.size()));
    var answer =
        connection.post(
            "/v1/accounts/" + account.uuid() + "/deposits",
            headers + "Idempotency-Key: " + UUID.randomUUID() + "\r\n",
            "{\"amount\":{\"amount\":\"0.01\",\"currency\":\"EUR\"},\"reference\":\"\"}");
    if (answer.status() != 200) {
      throw new IOException("answered " + answer.status());
    }
    writes.incrementAndGet();
  }

  private Client reader() {
    var versions = new long[16];
    var postings = new int[16];
    return (connection, n) -> {
      int which = ThreadLocalRandom.current().nextInt(versions.length);
      String account = "/v1/accounts/" + accounts.get(n * versions.length + which).uuid();
      String details = read(connection, account);
      Matcher version = VERSION.matcher(details);
      long seen = version.find() ? Long.parseLong(version.group(1)) : -1;
      String statement = read(connection, account + "/postings?limit=200");
      int lines = (int) POSTING.matcher(statement).results().count();
      if (seen < versions[which] || lines < postings[which]) {
        gaps.incrementAndGet();
      }
      versions[which] = Math.max(versions[which], seen);
      postings[which] = Math.max(postings[which], lines);
    };
  }

  private String read(HttpConnection connection, String path) throws IOException {
    var answer = connection.get(path, headers);
    reads.incrementAndGet();
    if (answer.status() != 200) {
      failures.incrementAndGet();
    }
    return answer.body();
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
