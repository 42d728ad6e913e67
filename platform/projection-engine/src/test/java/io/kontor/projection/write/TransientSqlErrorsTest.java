package io.kontor.projection.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class TransientSqlErrorsTest {

  /** Failures that any event would meet. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", // connection failure
        "25006", // read-only transaction: this is a standby
        "25P03", // idle-in-transaction timeout
        "28P01", // the password was changed
        "3D000", // unknown database
        "40001", // serialization failure
        "40P01", // deadlock
        "53100", // disk full
        "53300", // too many connections
        "55P03", // lock not available
        "55006", // object in use
        "57014", // statement cancelled or timed out
        "57P01", // shutdown
        "57P03", // starting up
        "58030" // I/O error
      })
  void aFailureOfTheDatabaseIsAnOutage(String state) {
    assertThat(
            TransientSqlErrors.isCauseOf(new IllegalStateException(new SQLException("x", state))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22001", "22P05", "23505", "23514", "42703", "42P01", "44000", "P0001"})
  void aConstraintViolationIsNotTransient(String state) {
    assertThat(
            TransientSqlErrors.isCauseOf(new IllegalStateException(new SQLException("x", state))))
        .isFalse();
  }

  @Test
  void theStateIsFoundInAnyCause() {
    var timeout = new SQLTransientConnectionException("no connection within 30 s");
    assertThat(TransientSqlErrors.isCauseOf(new RuntimeException(new RuntimeException(timeout))))
        .isTrue();
    assertThat(
            TransientSqlErrors.isCauseOf(
                new SQLException("a batch", new SQLException("x", "55P03"))))
        .as("the state is with the cause")
        .isTrue();
    assertThat(TransientSqlErrors.isCauseOf(new IllegalArgumentException("a bug"))).isFalse();
  }
}
