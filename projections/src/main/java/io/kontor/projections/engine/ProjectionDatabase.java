package io.kontor.projections.engine;

import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.SettingsTools;
import org.jooq.impl.DSL;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * The database as event processors work with it.
 *
 * @param sql takes part in {@code transactions}
 * @param dataSource what {@code sql} works on
 * @param sessions connections for those who hold one for long
 * @param serializer how the event store keeps events
 * @param backoff how long to wait before each retry of an event that fails, before it is parked
 */
public record ProjectionDatabase(
    DSLContext sql,
    DataSource dataSource,
    DataSource sessions,
    TransactionManager transactions,
    Serializer serializer,
    List<Duration> backoff) {

  /** For whoever has nothing but connections. */
  public static ProjectionDatabase of(
      DataSource worker, Serializer serializer, List<Duration> backoff) {
    return new ProjectionDatabase(
        DSL.using(new TransactionAwareDataSourceProxy(worker), SQLDialect.POSTGRES),
        worker,
        worker,
        new SpringTransactionManager(new JdbcTransactionManager(worker)),
        serializer,
        backoff);
  }

  /** Lets only this tenant's rows through for the rest of the transaction. */
  public static void actFor(DSLContext sql, TenantId tenant) {
    sql.execute("select set_config('kontor.tenant', ?, true)", tenant.value());
  }

  ProjectionDeadLetters parked(String name) {
    return new ProjectionDeadLetters(name, sql);
  }

  /** The same, with a place's tables in the place of the live ones. */
  public DSLContext in(GenerationSchema place) {
    if (place == GenerationSchema.LIVE) {
      return sql;
    }
    var settings = SettingsTools.clone(sql.settings());
    settings.setRenderMapping(
        new RenderMapping()
            .withSchemata(
                new MappedSchema()
                    .withInput(GenerationSchema.LIVE.schema())
                    .withOutput(place.schema())));
    return DSL.using(sql.configuration().derive(settings));
  }
}
