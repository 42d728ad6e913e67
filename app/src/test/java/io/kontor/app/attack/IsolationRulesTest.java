package io.kontor.app.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
      var breaches = new IsolationRules(new SingleConnectionDataSource(owner, true)).breaches();
      owner.rollback();
      return breaches;
    }
  }
}
