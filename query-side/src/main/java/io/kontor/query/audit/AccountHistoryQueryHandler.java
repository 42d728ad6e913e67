package io.kontor.query.audit;

import static io.kontor.projections.tables.Tables.EVENT;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.inline;

import io.kontor.api.account.AccountState;
import io.kontor.api.account.AccountStatus;
import io.kontor.api.audit.AccountMoment;
import io.kontor.api.audit.AuditEvent;
import io.kontor.api.audit.FindAccountHistory;
import io.kontor.api.money.Money;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Adds up an account's stored events. An event has the values that it changes, so that what was
 * before a page is known from the last event with each value, however long the stream is.
 */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class AccountHistoryQueryHandler {
  private static final String STREAM_TYPE = "Account";
  private static final String BALANCE = "balance";
  private static final String HELD = "held";
  private static final String OVERDRAFT_LIMIT = "overdraftLimit";

  private static final Map<String, AccountStatus> STATUS_AFTER =
      Map.of(
          "account-opened", AccountStatus.OPEN,
          "account-frozen", AccountStatus.FROZEN,
          "account-unfrozen", AccountStatus.OPEN,
          "account-closed", AccountStatus.CLOSED);

  private final TenantTransactions transactions;
  private final DSLContext sql;

  AccountHistoryQueryHandler(TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  List<AccountMoment> handle(FindAccountHistory query) {
    return transactions.read(
        () -> {
          AccountState state = null;
          for (AuditEvent event : before(query)) {
            state = after(state, event);
          }
          List<AccountMoment> moments = new ArrayList<>();
          for (AuditEvent event : page(query)) {
            state = after(state, event);
            moments.add(new AccountMoment(event, state));
          }
          return moments;
        });
  }

  private List<AuditEvent> page(FindAccountHistory query) {
    return sql.selectFrom(EVENT)
        .where(of(query.account()))
        .and(EVENT.SEQUENCE.ge(query.from()))
        .orderBy(EVENT.SEQUENCE)
        .limit(query.limit())
        .fetch(StoredEvents::event);
  }

  /** The events before the page that make up the state before it, in order. */
  private Iterable<AuditEvent> before(FindAccountHistory query) {
    var events = new TreeSet<>(Comparator.comparingLong(AuditEvent::sequence));
    Stream.of(
            EVENT.SEQUENCE.eq(0L),
            EVENT.TYPE.in(STATUS_AFTER.keySet()),
            has(BALANCE),
            has(HELD),
            has(OVERDRAFT_LIMIT))
        .map(wanted -> last(query, wanted))
        .flatMap(List::stream)
        .forEach(events::add);
    return events;
  }

  private List<AuditEvent> last(FindAccountHistory query, Condition wanted) {
    return sql.selectFrom(EVENT)
        .where(of(query.account()))
        .and(EVENT.SEQUENCE.lt(query.from()))
        .and(wanted)
        .orderBy(EVENT.SEQUENCE.desc())
        .limit(1)
        .fetch(StoredEvents::event);
  }

  private static Condition of(UUID account) {
    return EVENT.STREAM_ID.eq(account).and(EVENT.STREAM_TYPE.eq(STREAM_TYPE));
  }

  private static Condition has(String member) {
    return condition("{0} -> {1} is not null", EVENT.PAYLOAD, inline(member));
  }

  /**
   * @param before null before the first event
   */
  private static AccountState after(@Nullable AccountState before, AuditEvent event) {
    JsonNode payload = event.payload();
    AccountState known = before == null ? opened(payload) : before;
    return AccountState.of(
        STATUS_AFTER.getOrDefault(event.type(), known.status()),
        money(payload.path(BALANCE), known.balance()),
        money(payload.path(HELD), known.held()),
        money(payload.path(OVERDRAFT_LIMIT), known.overdraftLimit()));
  }

  private static AccountState opened(JsonNode payload) {
    Money none = Money.zero(Money.currencyOf(payload.path("currency").asString()));
    return AccountState.of(AccountStatus.OPEN, none, none, none);
  }

  private static Money money(JsonNode value, Money otherwise) {
    return value.isObject()
        ? Money.of(value.path("amount").asString(), value.path("currency").asString())
        : otherwise;
  }
}
