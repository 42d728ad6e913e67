package io.kontor.app;

import io.kontor.app.cli.CliExceptionHandler;
import io.kontor.app.cli.CliLogging;
import io.kontor.app.cli.demo.DemoCommand;
import io.kontor.app.cli.endofday.EndOfDayCommand;
import io.kontor.app.cli.event.EventsCommand;
import io.kontor.app.cli.job.JobsCommand;
import io.kontor.app.cli.projection.ProjectionsCommand;
import io.kontor.app.cli.projection.ReplayCommand;
import io.kontor.app.cli.tenant.TenantsCommand;
import io.kontor.app.cli.verify.BalanceCommand;
import io.kontor.app.cli.verify.VerifyCommand;
import io.kontor.tenancy.Uuids;
import io.kontor.web.json.Instants;
import io.kontor.web.request.Digits;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The command line. Without a subcommand it runs the bank. */
@Command(
    name = "kontor",
    description = "An event-sourced, multi-tenant banking backend.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RunCommand.class,
      DemoCommand.class,
      EventsCommand.class,
      ProjectionsCommand.class,
      ReplayCommand.class,
      VerifyCommand.class,
      BalanceCommand.class,
      TenantsCommand.class,
      JobsCommand.class,
      EndOfDayCommand.class
    })
public final class KontorCommandLine implements Callable<Integer> {
  public static void main(String[] arguments) {
    if (arguments.length > 0 && !arguments[0].equals("run")) {
      CliLogging.becomeQuiet();
    }
    int code = commandLine().execute(arguments);
    if (code != RunCommand.RUNNING) {
      System.exit(code);
    }
  }

  /** Starts the bank inside another program; the caller closes it. */
  public static ConfigurableApplicationContext start() {
    return RunCommand.application().run();
  }

  static CommandLine commandLine() {
    return new CommandLine(new KontorCommandLine())
        .registerConverter(int.class, strict(Digits::parseInt))
        .registerConverter(Instant.class, strict(Instants::parse))
        .registerConverter(UUID.class, strict(Uuids::parse))
        .setParameterExceptionHandler(KontorCommandLine::badUsage)
        .setExecutionExceptionHandler(CliExceptionHandler::tell);
  }

  @Override
  public @Nullable Integer call() {
    return new RunCommand().call();
  }

  /** Parses strictly; picocli would also accept {@code +5} and digits of other scripts. */
  private static <T> ITypeConverter<T> strict(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException malformed) {
        throw new TypeConversionException(String.valueOf(malformed.getMessage()));
      }
    };
  }

  private static int badUsage(ParameterException failure, String... arguments) {
    PrintWriter error = failure.getCommandLine().getErr();
    error.println("kontor: " + CliExceptionHandler.firstLine(failure) + " (try --help)");
    return ExitCode.USAGE;
  }
}
