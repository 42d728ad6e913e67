package io.kontor.projection.write;

import io.kontor.database.schema.DatabaseSchema;
import io.kontor.projection.Projection;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.jooq.conf.SettingsTools;
import org.jooq.impl.DSL;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * Database access of event processors.
 *
 * @param sql takes part in {@code transactions}
 * @param dataSource data source of {@code sql}
 * @param serializer serializer of the event store
 * @param backoff pause before each retry of a failed event, until it becomes a dead letter
 * @param failed receives a failure of a live read model, in the transaction that stores it
 */
public record ProjectionDatabase(
    DSLContext sql,
    DataSource dataSource,
    TransactionManager transactions,
    Serializer serializer,
    List<Duration> backoff,
    Consumer<ProjectionFailure> failed) {

  /** For a caller that has only a data source. */
  public static ProjectionDatabase of(
      DataSource worker, Serializer serializer, List<Duration> backoff) {
    return new ProjectionDatabase(
        DSL.using(
            new TransactionAwareDataSourceProxy(worker),
            SQLDialect.POSTGRES,
            new Settings().withRenderSchema(false)),
        worker,
        new SpringTransactionManager(new JdbcTransactionManager(worker)),
        serializer,
        backoff,
        failure -> {});
  }

  /** Limits row-level security to this tenant for the rest of the transaction. */
  public static void actFor(DSLContext sql, TenantId tenant) {
    sql.execute("select set_config('kontor.tenant', ?, true)", tenant.value());
  }

  /**
   * Raises the network timeout for the rest of the transaction, for statements whose duration
   * depends on the size of a table. The pool resets it.
   */
  public void allowSlowStatements(Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    sql.connection(connection -> connection.setNetworkTimeout(Runnable::run, millis));
  }

  /**
   * The dead letters stored under a projection's name, see {@link
   * GenerationSchema#deadLetterGroup}.
   */
  public ProjectionDeadLetters deadLetters(String group) {
    return new ProjectionDeadLetters(group, sql, serializer, failed);
  }

  /** A projector of the live tables. */
  public <E> Projector<E> projector(Projection<E> projection) {
    return new Projector<>(projection, sql, deadLetters(projection.name()), backoff, changes -> {});
  }

  /** The name of a generation's schema in this database. */
  public String name(GenerationSchema schema) {
    return sql.fetchSingle("select current_schema() || {0}", DSL.inline(schema.nameSuffix()))
        .get(0, String.class);
  }

  /** The same connection, with the tables of another schema instead of the live ones. */
  public DSLContext in(GenerationSchema schema) {
    if (schema == GenerationSchema.LIVE) {
      return sql;
    }
    Settings settings =
        SettingsTools.clone(sql.settings())
            .withRenderSchema(true)
            .withRenderMapping(
                new RenderMapping()
                    .withSchemata(
                        new MappedSchema()
                            .withInput(DatabaseSchema.SHARED.name())
                            .withOutput(name(schema))));
    return DSL.using(sql.configuration().derive(settings));
  }
}
