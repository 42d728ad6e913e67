package io.kontor.query.statement;

import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobType;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.query.statement.StatementStore.Requested;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes one statement, once everything booked in its period can be read. */
final class StatementJob implements JobHandler<StatementJob.Arguments> {
  static final JobType<Arguments> TYPE =
      JobType.of("statement", Arguments.class, JobPriority.MEDIUM);

  private static final Duration READ_MODEL_TIMEOUT = Duration.ofSeconds(5);

  private final StatementStore store;
  private final StatementPrinter printer;
  private final ReadModelPositions readModels;

  StatementJob(StatementStore store, StatementPrinter printer, ReadModelPositions readModels) {
    this.store = store;
    this.printer = printer;
    this.readModels = readModels;
  }

  record Arguments(UUID statement) {}

  @Override
  public JobType<Arguments> type() {
    return TYPE;
  }

  @Override
  public @Nullable Object run(JobContext<Arguments> job) throws IOException {
    UUID statement = job.arguments().statement();
    Requested requested = store.requested(statement);
    if (!requested.isReady()) {
      for (String projection : List.of(AccountProjection.NAME, JournalProjection.NAME)) {
        readModels.awaitAllBefore(projection, requested.ends(), READ_MODEL_TIMEOUT);
      }
      printer.print(statement, requested, (done, total) -> job.progress(done, total, "lines"));
    }
    return null;
  }
}
