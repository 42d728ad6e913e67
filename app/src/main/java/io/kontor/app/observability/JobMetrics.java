package io.kontor.app.observability;

import io.kontor.job.queue.JobAdministration;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobStatistics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Metrics of all nodes' jobs by type, read from the database when scraped. */
@Component
public class JobMetrics implements MeterBinder {
  private static final long FRESH_NANOS = 1_000_000_000;

  private final JobAdministration jobs;
  private final List<String> types;
  private List<JobStatistics> figures = List.of();
  private long lookedUp = System.nanoTime() - FRESH_NANOS;

  JobMetrics(
      @Qualifier("adminDataSource") DataSource admin, ObjectProvider<JobHandler<?>> handlers) {
    this.jobs = new JobAdministration(admin);
    this.types = handlers.stream().map(handler -> handler.type().name()).toList();
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    for (String type : types) {
      gauge(meters, type, "pending", "jobs that wait", JobStatistics::pending);
      gauge(meters, type, "processing", "jobs that run", JobStatistics::processing);
      gauge(meters, type, "dead", "jobs that wait for a person", JobStatistics::dead);
      Gauge.builder(
              "kontor.jobs.oldest.wait",
              this,
              metrics -> metrics.of(type, JobStatistics::oldestWaitSeconds).max().orElse(0))
          .description("how long the oldest due job waits")
          .baseUnit("seconds")
          .tag("type", type)
          .register(meters);
    }
  }

  private void gauge(
      MeterRegistry meters,
      String type,
      String what,
      String meaning,
      ToLongFunction<JobStatistics> value) {
    Gauge.builder("kontor.jobs." + what, this, metrics -> metrics.of(type, value).sum())
        .description(meaning)
        .tag("type", type)
        .register(meters);
  }

  private LongStream of(String type, ToLongFunction<JobStatistics> value) {
    return fresh().stream().filter(queue -> queue.type().equals(type)).mapToLong(value);
  }

  /** Reads the figures once for all gauges of a scrape, also when that fails. */
  private synchronized List<JobStatistics> fresh() {
    if (System.nanoTime() - lookedUp >= FRESH_NANOS) {
      lookedUp = System.nanoTime();
      figures = jobs.statistics();
    }
    return figures;
  }
}
