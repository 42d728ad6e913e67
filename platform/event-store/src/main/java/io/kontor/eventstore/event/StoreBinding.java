package io.kontor.eventstore.event;

import io.kontor.database.UnsuitableDatabaseException;
import io.kontor.database.migration.PostMigrationTask;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which store keeps a bank's events, as recorded in the database. It prevents a start with another
 * store, which would begin a second history.
 */
public record StoreBinding(String name) {
  /** The event table is the primary store. */
  public static final StoreBinding POSTGRES = new StoreBinding("PostgreSQL");

  /** The event table is the primary store, of one tenant only. */
  public static StoreBinding ofCell(String tenant) {
    return new StoreBinding(POSTGRES.name + ", of the tenant " + tenant);
  }

  /** Whether the event table is the primary store. */
  public boolean isPostgres() {
    return name.startsWith(POSTGRES.name);
  }

  /** Axon Server is the primary store, and the event table is a copy. */
  public static StoreBinding axonServer(String context) {
    return new StoreBinding("Axon Server, context " + context);
  }

  /**
   * Records this binding, unless the database has one already.
   *
   * @param owner the login that migrates the schema
   * @return the binding that the database has now
   */
  public StoreBinding claim(DataSource owner) {
    var sql = new JdbcTemplate(owner);
    sql.update("insert into event_home (home) values (?) on conflict do nothing", name);
    return new StoreBinding(
        sql.queryForList("select home from event_home", String.class).getFirst());
  }

  /**
   * Claims a migrated database for this binding.
   *
   * @return a task that throws {@link UnsuitableDatabaseException} when another store keeps its
   *     events
   */
  public PostMigrationTask required() {
    return owner -> {
      StoreBinding bound = claim(owner);
      if (!bound.equals(this)) {
        throw new UnsuitableDatabaseException(
            "the events of this bank are kept in %s: start it with that and not with %s, or on a database of its own"
                .formatted(bound.name(), name));
      }
    };
  }

  /** The binding of a database; PostgreSQL when none is recorded yet. */
  public static StoreBinding of(DataSource worker) {
    List<String> home =
        new JdbcTemplate(worker).queryForList("select home from event_home", String.class);
    return home.isEmpty() ? POSTGRES : new StoreBinding(home.getFirst());
  }
}
