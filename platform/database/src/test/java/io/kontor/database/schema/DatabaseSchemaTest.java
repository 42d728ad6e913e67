package io.kontor.database.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class DatabaseSchemaTest {
  @Test
  void noTwoTenantsAndNoGenerationsHaveSchemasOfOneName() {
    List<String> names =
        Stream.of(
                DatabaseSchema.SHARED,
                DatabaseSchema.ofCell("acme"),
                DatabaseSchema.ofCell("next"),
                DatabaseSchema.ofCell("acme-next"),
                DatabaseSchema.ofCell("acme--next"),
                DatabaseSchema.ofCell("acme-"))
            .flatMap(DatabaseSchema::withGenerations)
            .toList();

    assertThat(names).doesNotHaveDuplicates().contains("\"kontor\"", "\"kontor-acme_next\"");
  }

  @Test
  void theLongestTenantsNameIsNotCut() {
    String longest = "a".repeat(39);

    assertThat(DatabaseSchema.ofCell(longest).withGenerations())
        .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(65));
    assertThatThrownBy(() -> DatabaseSchema.ofCell("a".repeat(41)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Acme", "acme_next", "a\"b", "a b", "é"})
  void noOtherTextBecomesASchemasName(String tenant) {
    assertThatThrownBy(() -> DatabaseSchema.ofCell(tenant))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
