package io.kontor.database.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.database.schema.DatabaseSchema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class MigrationsOfSchemaTest {
  private final MigrationsOfSchema migrations =
      new MigrationsOfSchema(DatabaseSchema.ofCell("acme"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          create schema if not exists kontor;          | create schema if not exists "kontor-acme";
          create table kontor.event (                  | create table "kontor-acme".event (
          grant usage on schema kontor to kontor_app;  | grant usage on schema "kontor-acme" to kontor_app;
          create schema kontor_next;                   | create schema "kontor-acme_next";
          drop table kontor_next.a, kontor_scratch.a;  | drop table "kontor-acme_next".a, "kontor-acme_scratch".a;
          format('alter table kontor.%I set schema kontor_previous', name) | format('alter table "kontor-acme".%I set schema "kontor-acme_previous"', name)
          nspname in ('kontor', 'kontor_next')         | nspname in ('kontor-acme', 'kontor-acme_next')
          'kontor'::regnamespace                       | 'kontor-acme'::regnamespace
          pg_notify('kontor_changes', new.name)        | pg_notify('kontor-acme_changes', new.name)
          'kontor.read_model(text)'::regprocedure      | '"kontor-acme".read_model(text)'::regprocedure
          current_setting('kontor.tenant', true)       | current_setting('kontor.tenant', true)
          has_table_privilege('kontor_worker', found)  | has_table_privilege('kontor_worker', found)
          """)
  void theSchemasNameIsReplacedAndNothingElse(String shared, String ofTheCell) {
    assertThat(migrations.inSchema(shared)).isEqualTo(ofTheCell);
  }
}
