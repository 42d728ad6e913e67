package io.kontor.app.cli;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.StandardEnvironment;

/** A tool prints what it has to say; what its libraries would log is for a running bank's log. */
public final class CliLogging {
  private CliLogging() {}

  /** Logs errors alone from now on. */
  public static void becomeQuiet() {
    LoggingSystem logging = LoggingSystem.get(CliLogging.class.getClassLoader());
    logging.beforeInitialize();
    logging.initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
    logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.ERROR);
  }
}
