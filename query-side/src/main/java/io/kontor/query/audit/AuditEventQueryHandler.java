package io.kontor.query.audit;

import static io.kontor.projections.tables.Tables.EVENT;
import static org.jooq.impl.DSL.noCondition;

import io.kontor.api.audit.AuditEvent;
import io.kontor.api.audit.FindEvents;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.DSLContext;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads the tenant's stored events. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class AuditEventQueryHandler {
  private final TenantTransactions transactions;
  private final DSLContext sql;

  AuditEventQueryHandler(TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  List<AuditEvent> handle(FindEvents query) {
    return transactions.read(
        () ->
            sql.selectFrom(EVENT)
                .where(EVENT.POSITION.ge(query.from()))
                .and(query.stream() == null ? noCondition() : EVENT.STREAM_ID.eq(query.stream()))
                .and(query.type() == null ? noCondition() : EVENT.TYPE.eq(query.type()))
                .orderBy(EVENT.POSITION)
                .limit(query.limit())
                .fetch(StoredEvents::event));
  }
}
