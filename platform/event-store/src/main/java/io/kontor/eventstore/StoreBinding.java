package io.kontor.eventstore;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which store keeps a bank's events; the database remembers. Started with another one, a bank would
 * begin a second history beside its own.
 */
public record StoreBinding(String name) {
  /** The event table itself is the truth. */
  public static final StoreBinding POSTGRES = new StoreBinding("PostgreSQL");

  /** Axon Server is, and the event table is a copy. */
  public static StoreBinding axonServer(String context) {
    return new StoreBinding("Axon Server, context " + context);
  }

  /**
   * Makes it this database's, when it has none.
   *
   * @param owner the login that migrates
   * @return the one that it has, now or from before
   */
  public StoreBinding claim(DataSource owner) {
    var sql = new JdbcTemplate(owner);
    sql.update("insert into kontor.event_home (home) values (?) on conflict do nothing", name);
    return new StoreBinding(
        sql.queryForList("select home from kontor.event_home", String.class).getFirst());
  }

  /** The one of a database, PostgreSQL itself where no bank has started on it yet. */
  public static StoreBinding of(DataSource worker) {
    List<String> home =
        new JdbcTemplate(worker).queryForList("select home from kontor.event_home", String.class);
    return home.isEmpty() ? POSTGRES : new StoreBinding(home.getFirst());
  }
}
