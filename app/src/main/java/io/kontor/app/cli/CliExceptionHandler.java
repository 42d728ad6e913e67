package io.kontor.app.cli;

import io.kontor.app.startup.StartupFailureAnalyzer;
import io.kontor.database.LocalDatabaseException;
import io.kontor.eventstore.archive.ArchiveException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.diagnostics.FailureAnalysis;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** Prints a failure as one line; an unexpected one with its stack trace. */
public final class CliExceptionHandler {
  /** A line may quote input of any length, so it is cut. */
  private static final int LONGEST_LINE = 400;

  private CliExceptionHandler() {}

  /** For {@link CommandLine#setExecutionExceptionHandler}. */
  public static int tell(Exception failure, CommandLine command, ParseResult arguments) {
    PrintWriter error = command.getErr();
    Optional<String> why =
        Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
            .flatMap(cause -> line(cause).stream())
            .findFirst()
            .or(() -> setting(failure));
    error.println("kontor: " + why.orElseGet(failure::toString));
    if (why.isEmpty()) {
      failure.printStackTrace(error);
    }
    error.flush();
    return ExitCode.USAGE;
  }

  private static Optional<String> setting(Exception failure) {
    return Optional.ofNullable(new StartupFailureAnalyzer().analyze(failure))
        .map(FailureAnalysis::getDescription);
  }

  private static Optional<String> line(Throwable cause) {
    return switch (cause) {
      case CliException expected -> Optional.of(firstLine(expected));
      case ArchiveException expected -> Optional.of(firstLine(expected));
      case LocalDatabaseException local -> Optional.ofNullable(local.getMessage());
      case SQLException sql -> Optional.of("the database: " + firstLine(sql));
      case IOException io -> Optional.of(io.getClass().getSimpleName() + ": " + firstLine(io));
      case UncheckedIOException io -> Optional.empty();
      default -> Optional.empty();
    };
  }

  /** The first line of its message, cut where it is too long. */
  public static String firstLine(Exception failure) {
    String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "...";
  }
}
