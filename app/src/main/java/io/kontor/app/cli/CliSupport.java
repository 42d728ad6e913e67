package io.kontor.app.cli;

import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What every tool has: where its result goes, and how names are read. */
public final class CliSupport {
  private CliSupport() {}

  public static PrintWriter out(@Nullable CommandSpec spec) {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  public static PrintWriter err(@Nullable CommandSpec spec) {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  /** A stream's name as a person wrote it. */
  public static StreamId stream(@Nullable CommandSpec spec, String name) {
    try {
      return StreamId.parse(name);
    } catch (IllegalArgumentException bad) {
      throw misused(spec, "a stream is named <tenant>/<uuid>, not '%s'".formatted(name));
    }
  }

  /** A tenant's name as a person wrote it; null when none was. */
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
}
