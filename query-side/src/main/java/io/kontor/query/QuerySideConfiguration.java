package io.kontor.query;

import io.kontor.cache.CacheProperties;
import io.kontor.cache.ChangeHandler;
import io.kontor.cache.ChangePublisher;
import io.kontor.cache.KnownChanges;
import io.kontor.cache.ReadModelCache;
import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.listen.NotificationSubscription;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.projection.live.ReadModelListener;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.query.support.CachedReads;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.redis.RedisNodes;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import javax.sql.DataSource;
import org.axonframework.queryhandling.QueryGateway;
import org.jooq.DSLContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The query handlers, the cache of rows and the HTTP API over them. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
@EnableConfigurationProperties(CacheProperties.class)
public class QuerySideConfiguration {

  @Bean
  RequestRecords requestRecords(IdempotencyRecords records, JsonMapper json) {
    return new RequestRecords(records, json);
  }

  @Bean
  ReadGateway readGateway(QueryGateway queries, ReadModelPositions readModels) {
    return new ReadGateway(queries, readModels);
  }

  @Bean
  KnownChanges knownChanges() {
    return new KnownChanges();
  }

  @Bean
  ReadModelCache readModelCache(
      KnownChanges changes,
      CacheProperties properties,
      ObjectProvider<RedisNodes> redis,
      MeterRegistry meters) {
    return new ReadModelCache(changes, properties, redis.getIfAvailable(), meters);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  ChangePublisher changePublisher(
      KnownChanges changes, ReadModelCache cache, @Qualifier("appDataSource") DataSource app) {
    return new ChangePublisher(changes, cache, app);
  }

  @Bean
  ReadModelListener changedReadModels(ChangePublisher publisher) {
    return CachedReads.announcing(publisher);
  }

  @Bean
  NotificationSubscription changedRows(
      PostgresNotificationListener listener,
      DatabaseConnectionDetails database,
      KnownChanges changes,
      ReadModelPositions readModels,
      @Qualifier("appDsl") DSLContext sql) {
    return ChangeHandler.subscribe(
        listener,
        database.schema(),
        changes,
        () -> identity(sql),
        () -> CachedReads.versions(readModels.versions()));
  }

  /** A restored database and a promoted standby have a history of their own. */
  private static String identity(DSLContext sql) {
    return Objects.requireNonNull(
        sql.fetchSingle(
                "select system_identifier || '-' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"
                    + " || '-' || current_database() from pg_control_system()")
            .get(0, String.class));
  }
}
