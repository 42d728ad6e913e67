package io.kontor.sagas.order;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts the orders of all tenants that need manual review or are past their step's deadline. */
final class OverdueOrderMetrics implements MeterBinder {
  static final String NAME = "kontor.orders.stuck";

  private final JdbcClient worker;

  OverdueOrderMetrics(DataSource worker) {
    this.worker = JdbcClient.create(worker);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder(NAME, this::count)
        .description("orders that wait for a person or are past their step's deadline")
        .register(registry);
  }

  private long count() {
    return worker
        .sql(
            """
            select count(*) from saga
             where saga_type = :type and (state = 'NEEDS_ATTENTION' or deadline < now())
            """)
        .param("type", OrderSaga.PROCESSOR)
        .query(Long.class)
        .single();
  }
}
