package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.database.DatabaseGuard;
import io.kontor.database.UnsuitableDatabaseException;
import io.kontor.database.schema.DatabaseSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Logins that no migration of ours would make, on a server that no bank would run. */
@Tag("system")
class StrongLoginTest {
  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    var superuser = new JdbcTemplate(server.getPostgresDatabase());
    superuser.execute("revoke temporary on database postgres from public");
    superuser.execute("create schema kontor");
    superuser.execute("create table kontor.theirs (id int)");
    superuser.execute("create role weak login; create role mighty bypassrls");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          create role super_one superuser login          | super_one | is a superuser
          create role seeing login bypassrls             | seeing    | has BYPASSRLS
          create role making login createrole            | making    | has CREATEROLE
          create role building login createdb            | building  | has CREATEDB
          create role copying login replication          | copying   | has REPLICATION
          create role member login in role mighty        | member    | is a member of mighty
          create role reader login in role pg_read_all_data | reader | is a member of pg_read_all_data
          create role owner login; alter table kontor.theirs owner to owner | owner | owns the table kontor.theirs
          create role lord login; alter schema kontor owner to lord         | lord  | owns the schema kontor
          """)
  void aLoginThatRowLevelSecurityWouldNotHoldIsRefused(String made, String login, String why) {
    new JdbcTemplate(server.getPostgresDatabase()).execute(made);
    assertThatThrownBy(() -> DatabaseGuard.check(as(login), DatabaseSchema.SHARED))
        .isInstanceOf(UnsuitableDatabaseException.class)
        .hasMessageContaining("the login " + login + " is too strong to serve with")
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aServerThatForgetsWhatItConfirmedIsRefused() {
    assertThatThrownBy(() -> DatabaseGuard.check(as("weak"), DatabaseSchema.SHARED))
        .isInstanceOf(UnsuitableDatabaseException.class)
        .hasMessage(
            "fsync is off for the login weak: what was confirmed could be lost, switch it on");
  }

  private static PGSimpleDataSource as(String login) {
    var serving = new PGSimpleDataSource();
    serving.setUrl(server.getJdbcUrl(login, "postgres"));
    return serving;
  }
}
