package io.kontor.eventstore.append;

import io.kontor.eventstore.idempotency.IdempotencyRecord;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.eventstore.idempotency.IdempotencyStore;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Stores idempotency records as rows, in the transaction that appends the events. */
public final class PostgresIdempotencyStore implements IdempotencyStore {
  private final TenantTransactions tenant;
  private final JdbcTemplate sql;
  private final CommitQueue queue;

  public PostgresIdempotencyStore(TenantTransactions tenant, DataSource app, CommitQueue queue) {
    this.tenant = tenant;
    this.sql = new JdbcTemplate(app);
    this.queue = queue;
  }

  @Override
  public Optional<IdempotencyRecord> find(String key) {
    return tenant.read(
        () ->
            sql
                .query(
                    "select fingerprint, answer, position from idempotency"
                        + " where tenant_id = ? and key = ?",
                    (row, n) ->
                        new IdempotencyRecord(row.getString(1), row.getString(2), row.getLong(3)),
                    TenantContext.current().value(),
                    key)
                .stream()
                .findFirst());
  }

  @Override
  public long append(IdempotencyRow answer) {
    var unit =
        new QueuedAppend(
            List.of(),
            List.of(),
            Set.of(),
            List.of(),
            Map.of(),
            answer,
            answer.json().length(),
            new CompletableFuture<>());
    queue.add(unit);
    try {
      return unit.durable().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
