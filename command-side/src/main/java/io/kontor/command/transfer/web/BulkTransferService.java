package io.kontor.command.transfer.web;

import io.kontor.api.transfer.TransferMoney;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.CommandResponse;
import io.kontor.command.transfer.web.TransferRequests.BulkAnswer;
import io.kontor.command.transfer.web.TransferRequests.Item;
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

/**
 * Sends many transfers of one request, each decided on its own and with its own key, so that an
 * interrupted bulk can be sent again. Items with equal keys are one transfer, which is sent once.
 */
final class BulkTransferService {
  private static final int MAX_CONCURRENT = 64;
  private static final Future<TransferOutcome> REUSED =
      CompletableFuture.completedFuture(TransferOutcome.refused(IdempotencyKeyFormat.reused()));

  private final Semaphore permits = new Semaphore(MAX_CONCURRENT);
  private final CommandDispatcher commands;

  BulkTransferService(CommandDispatcher commands) {
    this.commands = commands;
  }

  CommandResponse<BulkAnswer> send(CommandRequest bulk, List<Item> items) {
    return commands.once(bulk, BulkAnswer.class, () -> sendAll(bulk, items));
  }

  private CommandResponse<BulkAnswer> sendAll(CommandRequest bulk, List<Item> items) {
    List<Future<TransferOutcome>> sent = new ArrayList<>(items.size());
    Map<@Nullable String, First> byKey = new HashMap<>();
    byKey.put(bulk.key(), new First(bulk, REUSED));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < items.size(); i++) {
        var request = request(bulk, items.get(i), i);
        var command = TransferCommandController.command(items.get(i).alone(), bulk.origin());
        First first =
            byKey.computeIfAbsent(
                request.key(),
                _ ->
                    new First(
                        request,
                        threads.submit(
                            () -> TransferOutcome.of(() -> withPermit(request, command)))));
        sent.add(first.resultFor(request));
      }
    }
    List<TransferOutcome> results = sent.stream().map(Future::resultNow).toList();
    return new CommandResponse<>(
        new BulkAnswer(results.stream().map(TransferOutcome::result).toList()),
        results.stream().mapToLong(TransferOutcome::position).max().orElse(0),
        false);
  }

  /** The request that this item would be on its own. */
  private static CommandRequest request(CommandRequest bulk, Item item, int index) {
    String key =
        item.idempotencyKey() == null ? bulk.key() + "\u0001" + index : item.idempotencyKey();
    return new CommandRequest(
        bulk.origin(), bulk.method(), TransferCommandController.PATH, item.alone(), key, null);
  }

  private CommandResponse<TransferMoney.Booked> withPermit(
      CommandRequest request, TransferMoney command) {
    permits.acquireUninterruptibly();
    try {
      return TransferOutcome.send(commands, request, command);
    } finally {
      permits.release();
    }
  }

  /** The first request with a key. An equal request gets the same result. */
  private record First(CommandRequest request, Future<TransferOutcome> sent) {
    Future<TransferOutcome> resultFor(CommandRequest other) {
      return Objects.equals(request.body(), other.body()) ? sent : REUSED;
    }
  }
}
