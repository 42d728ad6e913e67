package io.kontor.notifications;

import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.listen.NotificationSubscription;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.job.queue.JobQueue;
import io.kontor.notifications.presence.PresenceHeartbeat;
import io.kontor.notifications.presence.PresenceStore;
import io.kontor.notifications.store.AlertStore;
import io.kontor.notifications.store.Inbox;
import io.kontor.notifications.store.StaffVisits;
import io.kontor.notifications.store.TicketStore;
import io.kontor.notifications.store.UserSignal;
import io.kontor.notifications.stream.NewsSignals;
import io.kontor.notifications.stream.NotificationStreams;
import io.kontor.notifications.stream.OpenConnections;
import io.kontor.notifications.stream.StreamLimits;
import io.kontor.redis.ConditionalOnRedis;
import io.kontor.redis.RedisNodes;
import io.kontor.redis.RedisSubscription;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import tools.jackson.databind.json.JsonMapper;

/** Notifications: what makes them, and the HTTP API of their users. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({NotificationProperties.class, StreamLimits.class})
@ComponentScan
public class NotificationsConfiguration {

  @Bean
  Inbox inbox(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      JsonMapper json) {
    return new Inbox(appTransactions, app, json);
  }

  @Bean
  StaffVisits staffVisits(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      NotificationProperties properties) {
    return new StaffVisits(
        appTransactions, app, properties.staffNotified(), InstantSource.system());
  }

  /** Where read models are written; the notification is made where jobs run. */
  @Bean
  @ConditionalOnRole(NodeRole.PROJECTION)
  ProjectionFailureNotifier projectionFailureNotifier(@Qualifier("workerJobQueue") JobQueue jobs) {
    return new ProjectionFailureNotifier(jobs, InstantSource.system());
  }

  @Bean
  AlertStore accountAlerts(@Qualifier("appDataSource") DataSource app) {
    return new AlertStore(app);
  }

  @Bean
  NewsSignals newsSignals() {
    return new NewsSignals();
  }

  @Bean
  @ConditionalOnRole(NodeRole.QUERY)
  NotificationSubscription newsSignalled(
      PostgresNotificationListener listener,
      DatabaseConnectionDetails database,
      NewsSignals signals) {
    return listener.subscribe(database.schema(), UserSignal.CHANNEL, signals);
  }

  /** Not in a cell, which uses no Redis. */
  @Bean(destroyMethod = "close")
  @Profile("!cell")
  @ConditionalOnRole(NodeRole.QUERY)
  @ConditionalOnRedis
  RedisSubscription newsSubscription(RedisNodes redis, NewsSignals signals) {
    return redis.subscribe(UserSignal.REDIS_CHANNEL, signals);
  }

  /** The node's, also for tenants with a cell: its limits are for all of them together. */
  @Bean
  @Profile("!cell")
  OpenConnections openConnections(StreamLimits limits) {
    return new OpenConnections(limits);
  }

  @Bean
  NotificationStreams notificationStreams(
      NewsSignals signals, OpenConnections open, StreamLimits limits) {
    return new NotificationStreams(signals, open, limits, InstantSource.system());
  }

  /**
   * The node's, also for tenants with a cell: where a ticket leads is known when it was redeemed.
   */
  @Bean
  @Profile("!cell")
  TicketStore ticketStore(
      TenantTransactions appTransactions, @Qualifier("appDataSource") DataSource app) {
    return new TicketStore(appTransactions, app);
  }

  /** A node without a heartbeat for three of them has died. */
  @Bean
  PresenceStore presenceStore(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      StreamLimits limits) {
    return new PresenceStore(appTransactions, app, limits.heartbeat().multipliedBy(3));
  }

  @Bean
  @ConditionalOnRole(NodeRole.QUERY)
  PresenceHeartbeat presenceHeartbeat(
      NotificationStreams streams, PresenceStore store, StreamLimits limits) {
    return new PresenceHeartbeat(streams::users, store, limits.heartbeat());
  }

  @Bean
  MeterBinder notificationMetrics(NotificationStreams streams) {
    return meters ->
        Gauge.builder(
                "kontor.notifications.connections", streams, NotificationStreams::openConnections)
            .description("open streams of notifications of this node")
            .register(meters);
  }
}
