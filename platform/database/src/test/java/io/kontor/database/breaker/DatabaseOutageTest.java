package io.kontor.database.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class DatabaseOutageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08001", // can't connect
        "08006", // connection lost, socket timeout
        "57P01", // shutdown
        "57P03", // starting
        "53300", // too many connections
        "53100", // disk full
        "25006", // read-only
        "28000", // login refused
        "58030" // I/O error
      })
  void aDatabaseThatCanNotBeUsedIsAnOutage(String state) {
    assertThat(DatabaseOutage.isCauseOf(new IllegalStateException(new SQLException("", state))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "23505", // unique violation
        "22001", // value too long
        "57014", // statement timeout
        "53400", // temp_file_limit
        "40001", // serialization failure
        "40P01", // deadlock
        "55P03", // lock not available
        "42P01" // unknown table
      })
  void whatAStatementItselfCausesIsNone(String state) {
    assertThat(DatabaseOutage.isCauseOf(new SQLException("", state))).isFalse();
  }
}
