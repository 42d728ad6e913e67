package io.kontor.command.transfer.web;

import io.kontor.api.transfer.TransferMoney;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.CommandResponse;
import io.kontor.command.transfer.web.TransferRequests.Result;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.problem.DatabaseProblems;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of a transfer that was sent among others.
 *
 * @param position of its events in the event store; 0 when it was not booked
 * @param isReplayed whether it is the recorded result of an earlier request with its key
 */
record TransferOutcome(Result result, long position, boolean isReplayed) {
  private static final Logger LOG = LoggerFactory.getLogger(TransferOutcome.class);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int MOST_PAUSES = 100;

  static TransferOutcome refused(ProblemException problem) {
    return new TransferOutcome(Result.of(problem), 0, false);
  }

  /** Sends a transfer for its caller's tenant. */
  static CommandResponse<TransferMoney.Booked> send(
      CommandDispatcher commands, CommandRequest request, TransferMoney command) {
    return TenantContext.call(
        request.origin().tenant(),
        () -> commands.send(request, command, TransferMoney.Booked.class));
  }

  /**
   * Sends a transfer, which fails alone. While the tenant's share of the connections is taken,
   * perhaps by the others, it is tried again.
   */
  static TransferOutcome of(Supplier<CommandResponse<TransferMoney.Booked>> attempt) {
    int paused = 0;
    while (true) {
      try {
        CommandResponse<TransferMoney.Booked> booked = attempt.get();
        return new TransferOutcome(
            Result.of(booked.answer()), booked.position(), booked.replayed());
      } catch (ProblemException rejected) {
        return refused(rejected);
      } catch (RuntimeException failure) {
        if (paused == MOST_PAUSES || !DatabaseProblems.isShareTaken(failure)) {
          return refused(DatabaseProblems.of(failure).orElseGet(() -> unexpected(failure)));
        }
        paused++;
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static ProblemException unexpected(RuntimeException failure) {
    LOG.error("a transfer among others failed unexpectedly", failure);
    return new ProblemException(
        ProblemType.INTERNAL_ERROR, "something went wrong here; the correlation id leads to it");
  }
}
