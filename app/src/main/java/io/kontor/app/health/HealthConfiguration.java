package io.kontor.app.health;

import com.zaxxer.hikari.HikariDataSource;
import io.kontor.cluster.membership.ClusterMembership;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.listen.NotificationSubscription;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.pool.RequestPool;
import io.kontor.eventstore.event.WriterStatus;
import io.kontor.integration.outbox.EventPublisher;
import io.kontor.job.JobSchedulerLifecycle;
import io.kontor.projection.live.ProjectionRunner;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
 * Health indicators. Only the writer and the loops count for readiness, since their failure affects
 * this node alone: a projection, the publisher or a saga that fails here is taken over by another
 * node, and a database that is down is down for all nodes.
 */
@Configuration(proxyBeanMethods = false)
public class HealthConfiguration {
  /** Longer than any wait inside a loop. */
  private static final Duration ALIVE_WITHIN = Duration.ofMinutes(1);

  @Bean(initMethod = "start", destroyMethod = "stop")
  PoolProbe appPoolHealthIndicator(@Qualifier("appDataSource") RequestPool pool) {
    return PoolProbe.of(pool);
  }

  @Bean(initMethod = "start", destroyMethod = "stop")
  PoolProbe workerPoolHealthIndicator(@Qualifier("workerDataSource") HikariDataSource pool) {
    return PoolProbe.of(pool);
  }

  @Bean(initMethod = "start", destroyMethod = "stop")
  PoolProbe adminPoolHealthIndicator(@Qualifier("adminDataSource") RequestPool pool) {
    return PoolProbe.of(pool);
  }

  /** Down while commands are refused because the database takes no appends. */
  @Bean
  HealthIndicator appendHealthIndicator(ObjectProvider<DatabaseBreaker> append) {
    DatabaseBreaker breaker = append.getIfAvailable();
    return () ->
        breaker == null
            ? Health.up().build()
            : (breaker.isOpen() ? Health.down() : Health.up())
                .withDetail("breaker", breaker.state())
                .build();
  }

  @Bean
  HealthIndicator writerHealthIndicator(ObjectProvider<WriterStatus> status) {
    WriterStatus writer = status.getIfAvailable();
    return () ->
        writer == null || writer.isRunning()
            ? Health.up().build()
            : Health.down().withDetail("reason", writer.stopReason().orElse("starting")).build();
  }

  /**
   * The listener and its subscriptions (events of other nodes, revoked keys, changed rows), the
   * heartbeat and the job scheduler.
   */
  @Bean
  HealthIndicator loopsHealthIndicator(
      PostgresNotificationListener listener,
      ObjectProvider<NotificationSubscription> subscriptions,
      ObjectProvider<ClusterMembership> nodes,
      ObjectProvider<JobSchedulerLifecycle> schedule) {
    List<Supplier<Duration>> listening =
        Stream.concat(
                Stream.<Supplier<Duration>>of(listener::sinceSignOfLife),
                subscriptions.stream().map(one -> one::sinceSignOfLife))
            .toList();
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

  /**
   * Always up: the bank works without Kafka. {@code kontor_kafka_failing} and the lag metric show
   * the failure.
   */
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
