package io.kontor.app.cli.tenant;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.operations.tenant.TenantJobs;
import io.kontor.tenancy.TenantId;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has the running bank do a job about a tenant. */
abstract class TenantJobCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "TENANT", description = "the tenant's id")
  private String tenant = "";

  @Option(names = "--no-wait", description = "ask for it, and end")
  private boolean noWait;

  /** Asks for the job, as this operator, and returns its id. */
  abstract UUID request(TenantJobs jobs, TenantId id, String operator);

  /** Refuses options that are wrong for this tenant, before anything is asked for. */
  void check(TenantId id, @Nullable CommandSpec command) {}

  @Override
  public final Integer call() throws InterruptedException {
    TenantId id = Objects.requireNonNull(CliSupport.tenant(spec, tenant));
    check(id, spec);
    try (CliDatabase bank = which.open()) {
      return new TenantJobWatcher(bank, spec)
          .run(jobs -> request(jobs, id, CliSupport.operator()), noWait);
    }
  }
}
