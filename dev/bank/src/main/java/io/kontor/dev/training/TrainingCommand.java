package io.kontor.dev.training;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.kontor.postgres.TestDatabase;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.Issuer;
import io.kontor.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Runs the release under load, on a database of its own, and keeps what the JVM has learnt by that
 * as its AOT cache: classes loaded and linked, and profiles of the methods.
 *
 * <p>{@code TrainingCommand RELEASE_JAR OPTIONS CACHE SECONDS}: the options are a file of JVM
 * options, those that the release is run with later; seconds are those under load. The cache stands
 * in its place only when it is complete. Exit code 0 when it was made, 1 when not, 2 for bad usage.
 */
final class TrainingCommand {
  private TrainingCommand() {}

  static void main(String[] arguments) {
    if (arguments.length != 4 || !arguments[3].matches("[1-9][0-9]{0,3}")) {
      System.err.println("usage: TrainingCommand RELEASE_JAR OPTIONS CACHE SECONDS");
      System.exit(2);
    }
    try {
      train(
          Path.of(arguments[0]),
          Path.of(arguments[1]),
          Path.of(arguments[2]).toAbsolutePath(),
          Duration.ofSeconds(Long.parseLong(arguments[3])));
      System.exit(0);
    } catch (IOException | RuntimeException failure) {
      System.err.println("training: no AOT cache was made: " + failure.getMessage());
      System.exit(1);
    } catch (InterruptedException interrupted) {
      System.exit(1);
    }
  }

  private static void train(Path release, Path options, Path cache, Duration load)
      throws IOException, InterruptedException {
    try (var database = TestDatabase.create();
        var issuer = Issuer.start();
        var outside = CounterpartySimulator.start(SimulatorSettings.quick(1));
        var program =
            TrainedProgram.start(
                release,
                options,
                cache.resolveSibling(""),
                TrainedProgram.environment(database, issuer, outside))) {
      say("starting");
      program.awaitReady();
      say("%d s under load".formatted(load.toSeconds()));
      new TrainingLoad(program.port(), issuer).run(load);
      say("writing the cache");
      Files.move(program.stop(), cache, ATOMIC_MOVE);
      say("done, %d MB".formatted(Files.size(cache) >> 20));
    }
  }

  private static void say(String progress) {
    System.err.println("training: " + progress);
  }
}
