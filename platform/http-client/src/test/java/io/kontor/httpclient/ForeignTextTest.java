package io.kontor.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class ForeignTextTest {
  private static final String FAMILY = "👩‍👩‍👧‍👦";

  @ParameterizedTest
  @MethodSource("hostile")
  void aHostileTextBecomesALine(String text, String line) {
    assertThat(ForeignText.line(text, "nothing")).isEqualTo(line);
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("no such bank", "no such bank"),
        Arguments.of("  two\r\nlines\tand\u0085more\u2028still ", "two lines and more still"),
        Arguments.of("a\u0000b\u001b[2Jc", "a b [2Jc"),
        Arguments.of("left\ud83dright\ude00", "leftright"),
        Arguments.of("\u202eevil\u202c \u2066x\u2069\ufeff", "evil x"),
        Arguments.of("Grüße 你好 नमस्ते " + FAMILY, "Grüße 你好 नमस्ते " + FAMILY),
        Arguments.of("x".repeat(141), "x".repeat(140)),
        Arguments.of("x".repeat(100_000_0), "x".repeat(140)));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", " ", "\u0000", "\r\n", "\u200b\u200d", "\u3164", "\u2800", "\u202e", "\ud800"})
  void whatShowsNothingBecomesTheStandardPhrase(String text) {
    assertThat(ForeignText.line(text, "nothing")).isEqualTo("nothing");
  }

  @Test
  void aReasonThatWasNotGivenStaysNone() {
    assertThat(ForeignText.reason(null)).isNull();
    assertThat(ForeignText.reason(" ")).isEqualTo(ForeignText.NO_REASON);
    assertThat(ForeignText.reason("closed")).isEqualTo("closed");
  }

  @Test
  void aCharacterIsNotTornApart() {
    assertThat(ForeignText.line("x".repeat(139) + "😀", "")).isEqualTo("x".repeat(139));
    assertThat(ForeignText.line("x".repeat(135) + FAMILY, "")).isEqualTo("x".repeat(135));
    assertThat(ForeignText.line("x".repeat(139) + "e\u0301", "")).isEqualTo("x".repeat(139));
    String marks = ForeignText.line("😀" + "\u0301".repeat(1000), "");
    assertThat(marks).hasSizeLessThanOrEqualTo(140).startsWith("😀");
    assertThat(new String(marks.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(marks);
  }
}
