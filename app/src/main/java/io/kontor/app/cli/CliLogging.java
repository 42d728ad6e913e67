package io.kontor.app.cli;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.StandardEnvironment;

/** Logging of the tools: they print their results, and libraries log errors only. */
public final class CliLogging {
  private CliLogging() {}

  /** Sets the log level to error. */
  public static void becomeQuiet() {
    LoggingSystem logging = LoggingSystem.get(CliLogging.class.getClassLoader());
    logging.beforeInitialize();
    logging.initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
    logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.ERROR);
  }
}
