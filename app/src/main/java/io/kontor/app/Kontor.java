package io.kontor.app;

import io.kontor.app.cli.BalanceCommand;
import io.kontor.app.cli.EventsCommand;
import io.kontor.app.cli.Failures;
import io.kontor.app.cli.ProjectionsCommand;
import io.kontor.app.cli.Quiet;
import io.kontor.app.cli.ReplayCommand;
import io.kontor.app.cli.VerifyCommand;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/** The command line. Without a subcommand it runs the bank. */
@Command(
    name = "kontor",
    description = "An event-sourced, multi-tenant banking backend.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RunCommand.class,
      EventsCommand.class,
      ProjectionsCommand.class,
      ReplayCommand.class,
      VerifyCommand.class,
      BalanceCommand.class
    })
public final class Kontor implements Callable<Integer> {
  public static void main(String[] arguments) {
    if (arguments.length > 0 && !arguments[0].equals("run")) {
      Quiet.becomeQuiet();
    }
    int code = commandLine().execute(arguments);
    if (code != RunCommand.RUNNING) {
      System.exit(code);
    }
  }

  /** Starts the bank inside another program, which closes it. */
  public static ConfigurableApplicationContext start() {
    return RunCommand.application().run();
  }

  static CommandLine commandLine() {
    return new CommandLine(new Kontor())
        .setParameterExceptionHandler(Kontor::badUsage)
        .setExecutionExceptionHandler(Failures::tell);
  }

  @Override
  public @Nullable Integer call() {
    return new RunCommand().call();
  }

  private static int badUsage(ParameterException failure, String... arguments) {
    PrintWriter error = failure.getCommandLine().getErr();
    error.println(
        "kontor: "
            + String.valueOf(failure.getMessage()).lines().findFirst().orElse("")
            + " (try --help)");
    return ExitCode.USAGE;
  }
}
