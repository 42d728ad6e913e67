package io.kontor.command.transfer.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.RequestContext;
import io.kontor.command.transfer.web.BoundedLines.Line;
import io.kontor.command.transfer.web.TransferRequests.Item;
import io.kontor.command.transfer.web.TransferRequests.Result;
import io.kontor.limits.RequestCost;
import io.kontor.web.problem.JsonBindingErrors;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * One stream: a thread reads lines and sends a transfer for each, another writes the results in the
 * order of the lines, each as soon as it and those before it are durable. As many transfers as the
 * window has places are under way at once; while it is full, no line is read, so a client that
 * takes no results is not read from either. A line beyond the limits of its user or tenant is sent
 * when it is within them. Transfers are decided side by side, not in order.
 */
final class TransferStream {
  static final int MOST_LINES = 1_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(TransferStream.class);

  /** Sent or with an unwritten result; what they need in memory is some kilobytes each. */
  private static final int WINDOW = 1_024;

  /** In bytes; the longest transfer with every character escaped has less. */
  private static final int LONGEST_LINE = 8_192;

  private static final Duration LONGEST_STREAM = Duration.ofHours(1);

  private final RequestContext origin;
  private final RequestCost cost;
  private final CommandDispatcher commands;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final BoundedLines lines;
  private final OutputStream results;
  private final long deadline = System.nanoTime() + LONGEST_STREAM.toNanos();
  private final BlockingQueue<Place> window = new ArrayBlockingQueue<>(WINDOW);

  /** The last transfer with a key, while it is in the window. */
  private final ConcurrentMap<String, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();

  TransferStream(
      RequestContext origin,
      RequestCost cost,
      CommandDispatcher commands,
      JsonMapper json,
      InputStream lines,
      OutputStream results) {
    this.origin = origin;
    this.cost = cost;
    this.commands = commands;
    this.reader = json.readerFor(Item.class);
    this.writer = json.writerFor(LineResult.class);
    this.lines = new BoundedLines(lines, LONGEST_LINE);
    this.results = results;
  }

  /**
   * A line's result, with the status that it would have on its own.
   *
   * @param line counted from 1
   * @param position of its events in the event store, when it was booked
   * @param replayed true when it is the recorded result of an earlier request with its key
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LineResult(
      long line,
      @JsonUnwrapped Result result,
      @Nullable Long position,
      @Nullable Boolean replayed) {
    static LineResult of(long line, TransferOutcome outcome) {
      return new LineResult(
          line,
          outcome.result(),
          outcome.position() == 0 ? null : outcome.position(),
          outcome.isReplayed() ? Boolean.TRUE : null);
    }
  }

  /** Where a result is waited for; the last one of a stream may have none. */
  private record Place(
      @Nullable CompletableFuture<LineResult> result, @Nullable String key, boolean isLast) {
    static final Place END = new Place(null, null, true);

    static Place of(LineResult result) {
      return new Place(CompletableFuture.completedFuture(result), null, false);
    }

    Place asLast() {
      return new Place(result, key, true);
    }
  }

  /**
   * Answers line by line, until the lines end.
   *
   * @throws IOException when the client is gone or takes no results
   */
  void run() throws IOException {
    Thread reading = Thread.ofVirtual().name("transfer-lines").start(this::readAll);
    try {
      writeAll();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the node stops");
    } finally {
      // It reads from the request, which the container uses again after this call.
      reading.interrupt();
      joinUninterruptibly(reading);
    }
  }

  private void writeAll() throws IOException, InterruptedException {
    while (true) {
      Place next = window.poll();
      if (next == null) {
        results.flush();
        next = window.take();
      }
      var result = next.result();
      if (result != null) {
        if (!result.isDone()) {
          results.flush();
        }
        results.write(writer.writeValueAsBytes(result.join()));
        results.write('\n');
        if (next.key() != null) {
          underWay.remove(next.key(), result);
        }
      }
      if (next.isLast()) {
        results.flush();
        return;
      }
    }
  }

  private void readAll() {
    try {
      window.put(lastPlace());
    } catch (InterruptedException unwritten) {
      LOG.debug("transfer stream ended early");
    }
  }

  /** Reads and sends until the end; what ends a stream early is its last result. */
  private Place lastPlace() throws InterruptedException {
    long number = 0;
    try {
      for (Line line = lines.next(); line != null; line = lines.next()) {
        number++;
        if (number > MOST_LINES) {
          return refusal(number, tooMany()).asLast();
        }
        if (System.nanoTime() > deadline) {
          return refusal(number, late()).asLast();
        }
        if (!line.isBlank()) {
          if (number > 1) {
            cost.addInTime(1);
          }
          window.put(place(number, line));
        }
      }
      return Place.END;
    } catch (IOException gone) {
      // The client ended the connection, or sent nothing for so long that the container does.
      LOG.debug("transfer stream cut line={}", number, gone);
      return Place.END;
    }
  }

  private Place place(long number, Line line) {
    try {
      return sent(number, item(line));
    } catch (ProblemException malformed) {
      return refusal(number, malformed);
    }
  }

  private Item item(Line line) {
    if (line.isTooLong()) {
      throw new ProblemException(
          ProblemType.CONTENT_TOO_LARGE,
          "a line must have at most %d bytes".formatted(LONGEST_LINE));
    }
    try {
      Item item = Objects.requireNonNull(reader.<Item>readValue(line.bytes()));
      if (item.idempotencyKey() == null) {
        throw ProblemException.invalid("/idempotencyKey", "is required");
      }
      return item;
    } catch (JacksonException malformed) {
      throw JsonBindingErrors.problem(malformed);
    }
  }

  private Place sent(long number, Item item) {
    var single = item.alone();
    String key = Objects.requireNonNull(item.idempotencyKey());
    var request =
        new CommandRequest(origin, "POST", TransferCommandController.PATH, single, key, null);
    var command = TransferCommandController.command(single, origin);
    var result = new CompletableFuture<LineResult>();
    var before = underWay.put(key, result);
    Thread.startVirtualThread(
        () -> {
          if (before != null) {
            before.join();
          }
          result.complete(
              LineResult.of(
                  number,
                  TransferOutcome.of(() -> TransferOutcome.send(commands, request, command))));
        });
    return new Place(result, key, false);
  }

  private static Place refusal(long number, ProblemException problem) {
    return Place.of(LineResult.of(number, TransferOutcome.refused(problem)));
  }

  private static ProblemException tooMany() {
    return new ProblemException(
        ProblemType.CONTENT_TOO_LARGE,
        "a stream must have at most %d lines; send the others in another".formatted(MOST_LINES));
  }

  private static ProblemException late() {
    return new ProblemException(
        ProblemType.REQUEST_TIMEOUT,
        "a stream may last an hour; send this line and those after it in another");
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean isInterrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException again) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
