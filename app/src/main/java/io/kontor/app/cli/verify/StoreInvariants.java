package io.kontor.app.cli.verify;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Invariants of streams and of checkpoints. */
final class StoreInvariants {
  private static final String BROKEN_STREAMS =
      """
      select format('stream %s/%s: its %s events run from #%s to #%s',
                    tenant_id, stream_id, count(*), min(sequence), max(sequence))
      from event
      group by tenant_id, stream_id
      having min(sequence) <> 0 or max(sequence) <> count(*) - 1
      limit 20
      """;

  private static final String WRONG_PROGRESS =
      """
      with head as (select coalesce(max(position), 0) as position from event)
      select format('processor %s: its token stands at %s, past the last event at %s',
                    projection, checkpoint.position, head.position)
      from checkpoint, head where checkpoint.position > head.position
      union all
      select format('projection %s: what serves claims to show position %s, past the last event at %s',
                    name, projection.position, head.position)
      from projection, head where projection.position > head.position
      union all
      select format('projection %s: %s events are parked, see docs/operations/dead-letters.md',
                    processing_group, sum(1 + followers))
      from dead_letter where processing_group not like '%@%' group by processing_group
      """;

  private final JdbcClient sql;

  /**
   * @param worker connections with the worker's login
   */
  StoreInvariants(DataSource worker) {
    this.sql = JdbcClient.create(worker);
  }

  /** The violations, one sentence each. */
  List<String> breaches() {
    List<String> breaches = new ArrayList<>(sql.sql(BROKEN_STREAMS).query(String.class).list());
    breaches.addAll(sql.sql(WRONG_PROGRESS).query(String.class).list());
    return breaches;
  }
}
