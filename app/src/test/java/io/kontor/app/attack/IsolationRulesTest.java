package io.kontor.app.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.database.migration.SchemaMigrator;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class IsolationRulesTest {
  private static TestDatabase database;

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @Test
  void everythingInTheDatabaseKeepsTheRules() throws SQLException {
    assertThat(breachesAfter("")).isEmpty();
  }

  /** The migrations make it beside the shared schema, with another name in their text. */
  @Test
  void aTenantsSchemaKeepsTheRulesAndRefersToNoOther() throws SQLException {
    DatabaseSchema schema = DatabaseSchema.ofCell("initech");
    SchemaMigrator.run(database.owner(), schema);

    try (Connection owner = database.owner().getConnection()) {
      var catalogue = new SingleConnectionDataSource(owner, true);
      assertThat(new IsolationRules(catalogue, schema).breaches()).isEmpty();
      assertThat(relations(catalogue, schema))
          .isEqualTo(relations(catalogue, DatabaseSchema.SHARED))
          .hasSizeGreaterThan(50);
    }
  }

  private static List<String> relations(DataSource catalogue, DatabaseSchema schema) {
    return new JdbcTemplate(catalogue)
        .queryForList(
            """
            select relname || ' ' || relkind::text from pg_class
             where relnamespace = (select oid from pg_namespace where nspname = ?) order by 1
            """,
            String.class,
            schema.name());
  }

  /** The rules can fail: each of these mistakes is reported. */
  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          create table kontor.loan (tenant_id text, amount bigint) | loan: has no forced row-level security
          create table public.loan (tenant_id text); revoke all on public.loan from public | loan: has no forced row-level security
          alter table kontor.account no force row level security | account: has no forced row-level security
          alter table kontor.account disable row level security | account: has no forced row-level security
          create materialized view kontor.copied as select count(*) from kontor.token | copied: row-level security does not reach its kind
          alter table kontor.parked_events add tenant_id text | parked_events: has a tenant and is on the list
          drop policy tenant_isolation on kontor.transfer | transfer: has no policy tenant_isolation
          alter policy tenant_isolation on kontor.transfer using (true) | transfer: has no policy tenant_isolation
          alter policy tenant_isolation on kontor.transfer with check (true) | transfer: has no policy tenant_isolation
          create policy every_tenant on kontor.account to kontor_worker using (true) | account: policy every_tenant opens it
          create policy audit on kontor.event for select to kontor_app using (true) | event: policy audit opens it
          create view kontor.peek as select * from kontor.account | peek: is a view with its owner's rights
          create function kontor.peek() returns int security definer language sql as 'select 1' | peek(): is a function with its owner's rights
          create unique index by_owner on kontor.account (owner) | by_owner: is unique over tenants
          create unique index by_id on kontor.account (account_id); alter table kontor.transfer add foreign key (from_account) references kontor.account (account_id) not valid | refers across tenants
          grant select on kontor.account to public | account: SELECT is granted to everybody
          grant create on schema kontor to kontor_app | kontor_app may create in it
          create schema "kontor-acme"; create view "kontor-acme".peek with (security_invoker) as select * from kontor.account | refers to table kontor.account
          create schema "kontor-acme"; create function "kontor-acme".peek() returns bigint language sql as 'select count(*) from kontor.account' | peek(): names another schema
          """)
  void aMistakeIsReported(String mistake, String breach) throws SQLException {
    assertThat(breachesAfter(mistake))
        .anySatisfy(reported -> assertThat(reported).contains(breach));
  }

  /** What the rules say after the owner ran {@code sql}, which is then undone. */
  private static List<String> breachesAfter(String sql) throws SQLException {
    try (Connection owner = database.owner().getConnection()) {
      owner.setAutoCommit(false);
      try (var statement = owner.createStatement()) {
        statement.execute(sql);
      }
      var breaches =
          new IsolationRules(new SingleConnectionDataSource(owner, true), DatabaseSchema.SHARED)
              .breaches();
      owner.rollback();
      return breaches;
    }
  }
}
