package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.postgres.FreshDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class DatabaseGuardTest {
  private final FreshDatabase database = FreshDatabase.create();

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void theServingLoginsPass() {
    assertThatCode(() -> DatabaseGuard.check(database.app())).doesNotThrowAnyException();
    assertThatCode(() -> DatabaseGuard.check(database.worker())).doesNotThrowAnyException();
  }

  @Test
  void theOwnerDoesNotServe() {
    assertThatThrownBy(() -> DatabaseGuard.check(database.owner()))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("kontor_owner")
        .hasMessageContaining("owns the database");
  }

  @Test
  void aLoginThatMayCreateTablesDoesNotServe() {
    JdbcClient.create(database.owner()).sql("grant create on schema kontor to kontor_app").update();
    assertThatThrownBy(() -> DatabaseGuard.check(database.app()))
        .hasMessageContaining("may create objects in the schema kontor");
  }

  @Test
  void aDatabaseThatForgetsWhatItConfirmedIsRefused() {
    JdbcClient.create(database.app())
        .sql("alter role kontor_app in database %s set synchronous_commit = off".formatted(name()))
        .update();
    assertThatThrownBy(() -> DatabaseGuard.check(database.app()))
        .hasMessageContaining("synchronous_commit is off");
  }

  private String name() {
    return database.jdbcUrl().substring(database.jdbcUrl().lastIndexOf('/') + 1);
  }
}
