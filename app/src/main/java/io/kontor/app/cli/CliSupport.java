package io.kontor.app.cli;

import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Shared by the tools: their output, and parsing of names. */
public final class CliSupport {
  private CliSupport() {}

  public static PrintWriter out(@Nullable CommandSpec spec) {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  public static PrintWriter err(@Nullable CommandSpec spec) {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  /** Parses a stream's name. */
  public static StreamId stream(@Nullable CommandSpec spec, String name) {
    try {
      return StreamId.parse(name);
    } catch (IllegalArgumentException bad) {
      throw misused(spec, "a stream is named <tenant>/<uuid>, not '%s'".formatted(name));
    }
  }

  /** Parses a tenant's id; null when none was given. */
  public static @Nullable TenantId tenant(@Nullable CommandSpec spec, @Nullable String name) {
    try {
      return name == null ? null : new TenantId(name);
    } catch (IllegalArgumentException bad) {
      throw misused(spec, String.valueOf(bad.getMessage()) + ", not '%s'".formatted(name));
    }
  }

  public static ParameterException misused(@Nullable CommandSpec spec, String why) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
  }

  /** Who uses the tool, by the operating system's account. */
  public static String operator() {
    return System.getProperty("user.name", "operator");
  }
}
