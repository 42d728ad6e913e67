package io.kontor.query.process;

import static io.kontor.projections.tables.Tables.SAGA;
import static org.jooq.impl.DSL.noCondition;

import io.kontor.api.process.ProcessDetails;
import io.kontor.api.process.ProcessQuery.FindProcess;
import io.kontor.api.process.ProcessQuery.FindProcesses;
import io.kontor.api.process.ProcessState;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.query.support.RowReader;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads the state columns of active sagas. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class ProcessQueryHandler {
  private final InstantSource clock = InstantSource.system();
  private final TenantTransactions transactions;
  private final DSLContext sql;

  ProcessQueryHandler(TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  Optional<ProcessDetails> handle(FindProcess query) {
    return transactions.read(
        () -> sql.selectFrom(SAGA).where(SAGA.SAGA_ID.eq(query.id())).fetchOptional(this::process));
  }

  @QueryHandler
  List<ProcessDetails> handle(FindProcesses query) {
    return transactions.read(
        () ->
            sql.selectFrom(SAGA)
                .where(query.state() == null ? noCondition() : SAGA.STATE.eq(query.state().name()))
                .and(query.after() == null ? noCondition() : SAGA.SAGA_ID.gt(query.after()))
                .orderBy(SAGA.SAGA_ID)
                .limit(query.limit())
                .fetch(this::process));
  }

  private ProcessDetails process(Record row) {
    Instant deadline = RowReader.get(row, SAGA.DEADLINE);
    return new ProcessDetails(
        RowReader.get(row, SAGA.SAGA_ID),
        RowReader.get(row, SAGA.SAGA_TYPE),
        ProcessState.valueOf(RowReader.get(row, SAGA.STATE)),
        RowReader.get(row, SAGA.STEP),
        RowReader.get(row, SAGA.WAITING_FOR),
        RowReader.get(row, SAGA.SINCE),
        RowReader.get(row, SAGA.ATTEMPTS),
        deadline,
        deadline.isBefore(clock.instant()),
        row.get(SAGA.LAST_ERROR),
        RowReader.get(row, SAGA.STARTED_AT));
  }
}
