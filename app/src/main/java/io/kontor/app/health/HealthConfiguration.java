package io.kontor.app.health;

import com.zaxxer.hikari.HikariDataSource;
import io.kontor.cluster.membership.ClusterMembership;
import io.kontor.eventstore.WriterStatus;
import io.kontor.integration.outbox.EventPublisher;
import io.kontor.notifications.PostgresNotificationListener;
import io.kontor.projections.engine.ProjectionRunner;
import io.kontor.sagas.JobSchedulerLifecycle;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What health is made of. Readiness takes the writer and the loops: only this node can lack them. A
 * projection, the publisher or a process that fails here is taken over by another node, and a
 * database that is away is away for all.
 */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {
  /** No loop waits for anything as long as that. */
  private static final Duration ALIVE_WITHIN = Duration.ofMinutes(1);

  @Bean(initMethod = "start", destroyMethod = "stop")
  PoolProbe appPoolHealthIndicator(@Qualifier("appDataSource") HikariDataSource pool) {
    return new PoolProbe(pool);
  }

  @Bean(initMethod = "start", destroyMethod = "stop")
  PoolProbe workerPoolHealthIndicator(@Qualifier("workerDataSource") HikariDataSource pool) {
    return new PoolProbe(pool);
  }

  @Bean
  HealthIndicator writerHealthIndicator(ObjectProvider<WriterStatus> status) {
    WriterStatus writer = status.getIfAvailable();
    return () ->
        writer == null || writer.isRunning()
            ? Health.up().build()
            : Health.down().withDetail("reason", writer.stopReason().orElse("starting")).build();
  }

  /** The feed of other nodes' events, the keys that are gone, the heartbeat and the schedule. */
  @Bean
  HealthIndicator loopsHealthIndicator(
      ObjectProvider<PostgresNotificationListener> listeners,
      ObjectProvider<ClusterMembership> nodes,
      ObjectProvider<JobSchedulerLifecycle> schedule) {
    List<Supplier<Duration>> listening =
        listeners.stream().<Supplier<Duration>>map(listener -> listener::sinceSignOfLife).toList();
    return () -> {
      Health.Builder health = Health.up();
      listening.forEach(loop -> look(health, "listener", loop.get()));
      nodes.ifAvailable(loop -> look(health, "heartbeat", loop.sinceSignOfLife()));
      schedule.ifAvailable(
          loop -> {
            if (loop.isRunning()) {
              look(health, "schedule", loop.sinceSignOfLife());
            }
          });
      return health.build();
    };
  }

  private static void look(Health.Builder health, String loop, Duration since) {
    if (since.compareTo(ALIVE_WITHIN) > 0) {
      health.down().withDetail(loop, "no sign of life for %d s".formatted(since.toSeconds()));
    }
  }

  @Bean
  HealthIndicator projectionsHealthIndicator(ProjectionRunner engine) {
    return () -> failing(List.copyOf(engine.failing()));
  }

  @Bean
  HealthIndicator processesHealthIndicator(EventProcessingConfiguration processing) {
    return () ->
        failing(
            processing.eventProcessors().entrySet().stream()
                .filter(
                    processor ->
                        processor.getValue() instanceof StreamingEventProcessor process
                            && isFailing(process))
                .map(processor -> processor.getKey())
                .toList());
  }

  private static boolean isFailing(StreamingEventProcessor process) {
    return process.isError()
        || process.processingStatus().values().stream().anyMatch(EventTrackerStatus::isErrorState);
  }

  /** The bank works on without Kafka: that shows in {@code kontor_kafka_failing} and its lag. */
  @Bean
  HealthIndicator publisherHealthIndicator(ObjectProvider<EventPublisher> publisher) {
    EventPublisher here = publisher.getIfAvailable();
    return () -> Health.up().withDetail("failing", here != null && here.isFailing()).build();
  }

  private static Health failing(List<String> names) {
    return names.isEmpty()
        ? Health.up().build()
        : Health.down().withDetail("failing", names).build();
  }
}
