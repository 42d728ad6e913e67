package io.kontor.query.process;

import static io.kontor.query.BranchOffice.OPENING;
import static io.kontor.query.BranchOffice.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.process.ProcessDetails;
import io.kontor.api.process.ProcessQuery.FindProcess;
import io.kontor.api.process.ProcessQuery.FindProcesses;
import io.kontor.api.process.ProcessState;
import io.kontor.query.BranchOffice;
import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProcessQueryHandlerTest {
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");
  private static final BranchOffice OFFICE = new BranchOffice();

  private final TenantId tenant = new TenantId("t-" + UUID.randomUUID());
  private final ProcessQueryHandler queries =
      new ProcessQueryHandler(OFFICE.transactions, OFFICE.sql);

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Nested
  class FindOneProcess {
    @Test
    void showsItsStepAndWhatItWaitsFor() {
      UUID order = started(new UUID(0, 1), ProcessState.FORWARD, NEVER);
      assertThat(as(tenant, () -> queries.handle(new FindProcess(order))))
          .contains(
              new ProcessDetails(
                  order,
                  "order",
                  ProcessState.FORWARD,
                  "SHIPPING",
                  "the carrier",
                  OPENING,
                  2,
                  NEVER,
                  false,
                  "timeout",
                  OPENING));
    }

    @Test
    void isOverdueAfterItsDeadline() {
      UUID order = started(new UUID(0, 1), ProcessState.BACK, OPENING);
      assertThat(as(tenant, () -> queries.handle(new FindProcess(order))).orElseThrow().overdue())
          .isTrue();
    }

    @Test
    void isSeenByItsTenantOnly() {
      UUID order = started(new UUID(0, 1), ProcessState.FORWARD, NEVER);
      assertThat(as(GLOBEX, () -> queries.handle(new FindProcess(order)))).isEmpty();
    }
  }

  @Nested
  class FindSeveralProcesses {
    @Test
    void listsThemOldestFirstPageByPage() {
      UUID third = started(new UUID(0, 3), ProcessState.FORWARD, NEVER);
      UUID first = started(new UUID(0, 1), ProcessState.FORWARD, NEVER);
      UUID second = started(new UUID(0, 2), ProcessState.BACK, NEVER);
      assertThat(list(null, null, 2)).containsExactly(first, second);
      assertThat(list(null, second, 2)).containsExactly(third);
    }

    @Test
    void listsThoseOfOneState() {
      started(new UUID(0, 1), ProcessState.FORWARD, NEVER);
      UUID waiting = started(new UUID(0, 2), ProcessState.NEEDS_ATTENTION, NEVER);
      assertThat(list(ProcessState.NEEDS_ATTENTION, null, 10)).containsExactly(waiting);
    }

    private List<UUID> list(ProcessState state, UUID after, int limit) {
      return as(tenant, () -> queries.handle(new FindProcesses(state, after, limit))).stream()
          .map(ProcessDetails::id)
          .toList();
    }
  }

  private UUID started(UUID id, ProcessState state, Instant deadline) {
    OFFICE.workerSql.execute(
        """
        insert into kontor.saga (tenant_id, saga_type, saga_id, revision, payload, state, step,
          waiting_for, since, attempts, deadline, last_error, started_at)
        values (?, 'order', ?, '1', '{}', ?, 'SHIPPING', 'the carrier', ?::timestamptz, 2,
          ?::timestamptz, 'timeout', ?::timestamptz)
        """,
        tenant.value(),
        id,
        state.name(),
        OPENING.toString(),
        deadline.toString(),
        OPENING.toString());
    return id;
  }
}
