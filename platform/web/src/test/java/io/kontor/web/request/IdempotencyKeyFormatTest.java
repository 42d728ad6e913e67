package io.kontor.web.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class IdempotencyKeyFormatTest {
  @Test
  void oneTo255PrintableAsciiCharactersAreAKey() {
    assertThat(List.of(" ", "~", "order 1", "k".repeat(255))).allMatch(IdempotencyKeyFormat::isKey);
  }

  @Test
  void anyOtherTextIsNot() {
    assertThat(List.of("", "k".repeat(256), "a\tb", "a\u007f", "\u00e4", "a\n"))
        .noneMatch(IdempotencyKeyFormat::isKey);
  }
}
