package io.kontor.app.startup;

import java.io.PrintStream;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Prints a failure that an operator can fix as one line, instead of Spring Boot's report of
 * several.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StartupFailureReporter implements SpringBootExceptionReporter {
  private static final StartupFailureAnalyzer ANALYZER = new StartupFailureAnalyzer();

  private final PrintStream error = System.err;

  @Override
  public boolean reportException(Throwable failure) {
    FailureAnalysis analysis = ANALYZER.analyze(failure);
    if (analysis != null) {
      error.println("kontor: " + analysis.getDescription());
    }
    return analysis != null;
  }

  /** Whether the failure is one that is reported here. */
  public static boolean isExpected(Throwable failure) {
    return ANALYZER.analyze(failure) != null;
  }
}
