package io.kontor.app;

import io.kontor.app.observability.TracingProperties;
import io.kontor.app.startup.StartupFailureReporter;
import io.kontor.app.startup.StartupRequirements;
import io.kontor.eventstore.axonserver.AxonServerProperties;
import java.util.concurrent.Callable;
import org.springframework.boot.SpringApplication;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Starts the bank and leaves it running. */
@Command(name = "run", description = "Start Kontor.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  /** Not an exit code: the program goes on. */
  static final int RUNNING = -1;

  @Override
  public Integer call() {
    try {
      application().run();
      return RUNNING;
    } catch (RuntimeException reported) {
      // already reported by StartupFailureReporter or Spring Boot
      return StartupFailureReporter.isExpected(reported) ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
  }

  static SpringApplication application() {
    // Axon's update checker would call an external server; only a system property disables it.
    System.setProperty("axoniq.update-checker.disabled", "true");
    var application = new SpringApplication(KontorApplication.class);
    application.addInitializers(
        context -> {
          StartupRequirements.check(context.getEnvironment());
          TracingProperties.of(context.getEnvironment()).applyTo(context.getEnvironment());
          if (AxonServerProperties.areNeeded(context.getEnvironment())) {
            AxonServerProperties.of(context.getEnvironment()).applyTo(context.getEnvironment());
          }
        });
    return application;
  }
}
