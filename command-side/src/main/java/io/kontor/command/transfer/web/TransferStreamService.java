package io.kontor.command.transfer.web;

import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.RequestContext;
import io.kontor.limits.RequestCost;
import io.kontor.tenancy.TenantId;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tools.jackson.databind.json.JsonMapper;

/** Transfers that come as a stream of lines of JSON, and their results, which go as one. */
final class TransferStreamService {
  /** Open at once, of one tenant on this node. */
  private static final int MOST_STREAMS = 4;

  private final ConcurrentMap<TenantId, Integer> open = new ConcurrentHashMap<>();
  private final CommandDispatcher commands;
  private final JsonMapper json;

  TransferStreamService(CommandDispatcher commands, JsonMapper json) {
    this.commands = commands;
    this.json = json;
  }

  /**
   * Answers line by line, until the lines end.
   *
   * @throws ProblemException (429) when the tenant has too many streams open
   * @throws IOException when the client is gone or takes no results
   */
  void run(RequestContext origin, RequestCost cost, InputStream lines, OutputStream results)
      throws IOException {
    enter(origin.tenant());
    try {
      new TransferStream(origin, cost, commands, json, lines, results).run();
    } finally {
      open.computeIfPresent(origin.tenant(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private void enter(TenantId tenant) {
    open.merge(
        tenant,
        1,
        (count, one) -> {
          if (count == MOST_STREAMS) {
            throw ProblemException.tryAgain(
                ProblemType.TOO_MANY_STREAMS,
                "the tenant has %d streams of transfers open".formatted(MOST_STREAMS));
          }
          return count + one;
        });
  }
}
