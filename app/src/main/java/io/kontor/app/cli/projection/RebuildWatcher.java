package io.kontor.app.cli.projection;

import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.ProgressBar;
import io.kontor.projections.engine.Rebuild;
import io.kontor.projections.engine.RebuildService;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Works on a rebuild and shows how far it is. When a running bank is quicker to take it up, that
 * one does the work; should the tool be stopped, a running bank goes on with it.
 */
final class RebuildWatcher {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int NOT_DONE = 1;

  private RebuildWatcher() {}

  /** Ends with the exit code. */
  static int untilDone(RebuildService rebuilds, UUID id, @Nullable CommandSpec spec)
      throws InterruptedException {
    PrintWriter err = CliSupport.err(spec);
    Rebuild rebuild = rebuilds.find(id).orElseThrow();
    CompletableFuture<Void> work =
        CompletableFuture.runAsync(() -> rebuilds.work(id), Thread::startVirtualThread);
    try (var bar = new ProgressBar(err, "rebuilt", rebuild.total())) {
      bar.startAt(rebuild.processed());
      while (!rebuild.state().isFinal()) {
        Thread.sleep(LOOK_AGAIN);
        if (work.isCompletedExceptionally()) {
          work.join();
        }
        rebuild = rebuilds.find(id).orElseThrow();
        bar.reached(Math.min(rebuild.processed(), rebuild.total()));
      }
    }
    CliSupport.out(spec).println(ListProjectionsCommand.line(rebuild));
    CliSupport.out(spec).flush();
    return rebuild.state() == Rebuild.State.DONE ? 0 : NOT_DONE;
  }
}
