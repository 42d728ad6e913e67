package io.kontor.command.transfer.web;

import io.kontor.api.transfer.TransferMoney;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.CommandResponse;
import io.kontor.command.transfer.web.TransferRequests.BulkAnswer;
import io.kontor.command.transfer.web.TransferRequests.Item;
import io.kontor.command.transfer.web.TransferRequests.Result;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.IdempotencyKeyFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * Many transfers in one request, each decided alone and under a key of its own, so that a bulk that
 * was cut short can be sent again. Items with equal keys are one transfer, which is sent once.
 */
final class BulkTransferService {
  private static final Logger LOG = LoggerFactory.getLogger(BulkTransferService.class);
  private static final int AT_ONCE = 64;
  private static final Future<Sent> REUSED =
      CompletableFuture.completedFuture(new Sent(Result.of(IdempotencyKeyFormat.reused()), 0));

  private final Semaphore places = new Semaphore(AT_ONCE);
  private final CommandDispatcher commands;

  BulkTransferService(CommandDispatcher commands) {
    this.commands = commands;
  }

  CommandResponse<BulkAnswer> send(CommandRequest bulk, List<Item> items) {
    return commands.once(bulk, BulkAnswer.class, () -> sendAll(bulk, items));
  }

  private CommandResponse<BulkAnswer> sendAll(CommandRequest bulk, List<Item> items) {
    List<Future<Sent>> sent = new ArrayList<>(items.size());
    Map<@Nullable String, First> byKey = new HashMap<>();
    byKey.put(bulk.key(), new First(bulk, REUSED));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < items.size(); i++) {
        var request = request(bulk, items.get(i), i);
        var command = TransferCommandController.command(items.get(i).alone(), bulk.origin());
        First first =
            byKey.computeIfAbsent(
                request.key(),
                _ -> new First(request, threads.submit(() -> inTurn(request, command))));
        sent.add(first.answerTo(request));
      }
    }
    List<Sent> results = sent.stream().map(Future::resultNow).toList();
    return new CommandResponse<>(
        new BulkAnswer(results.stream().map(Sent::result).toList()),
        results.stream().mapToLong(Sent::position).max().orElse(0),
        false);
  }

  /** The request that this transfer alone would have been. */
  private static CommandRequest request(CommandRequest bulk, Item item, int place) {
    String key =
        item.idempotencyKey() == null ? bulk.key() + "\u0001" + place : item.idempotencyKey();
    return new CommandRequest(
        bulk.origin(), bulk.method(), TransferCommandController.PATH, item.alone(), key, null);
  }

  private Sent inTurn(CommandRequest request, TransferMoney command) {
    places.acquireUninterruptibly();
    try {
      return TenantContext.call(request.origin().tenant(), () -> send(request, command));
    } finally {
      places.release();
    }
  }

  private Sent send(CommandRequest request, TransferMoney command) {
    try {
      var booked = commands.send(request, command, TransferMoney.Booked.class);
      return new Sent(Result.of(booked.answer()), booked.position());
    } catch (ProblemException refused) {
      return new Sent(Result.of(refused), 0);
    } catch (RuntimeException failure) {
      LOG.error("a transfer of a bulk failed unexpectedly", failure);
      return new Sent(Result.of(failed()), 0);
    }
  }

  private static ProblemException failed() {
    return new ProblemException(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "Internal error",
        "something went wrong here; the correlation id leads to it");
  }

  private record Sent(Result result, long position) {}

  /** The first request with a key. One that asks for the same is answered like it. */
  private record First(CommandRequest request, Future<Sent> sent) {
    Future<Sent> answerTo(CommandRequest other) {
      return Objects.equals(request.body(), other.body()) ? sent : REUSED;
    }
  }
}
