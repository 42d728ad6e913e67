package io.kontor.sagas.endofday;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How long the oldest bank day of all tenants has been over without being closed. */
final class EndOfDayMetrics implements MeterBinder {
  static final String NAME = "kontor.end.of.day.behind";

  private final JdbcClient worker;

  EndOfDayMetrics(DataSource worker) {
    this.worker = JdbcClient.create(worker);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder(NAME, this::seconds)
        .baseUnit("seconds")
        .description("since the oldest bank day that is not closed was over; 0 when none is")
        .register(registry);
  }

  private double seconds() {
    return worker
        .sql(
            """
            select coalesce(greatest(0, extract(epoch from now() - min(ends_at))), 0)
              from end_of_day
            """)
        .query(Double.class)
        .single();
  }
}
