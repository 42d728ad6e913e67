package io.kontor.app.cli.projection;

import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.ProgressBar;
import io.kontor.projection.rebuild.Rebuild;
import io.kontor.projection.rebuild.RebuildService;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Runs a rebuild and shows its progress. A running bank that claims it first does the work instead,
 * and takes it over if the tool is stopped.
 */
final class RebuildWatcher {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int NOT_DONE = 1;

  private RebuildWatcher() {}

  /** Waits for the end and returns the exit code. */
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
