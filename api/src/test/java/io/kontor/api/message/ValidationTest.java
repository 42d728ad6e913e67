package io.kontor.api.message;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class ValidationTest {
  private static final String EMOJI = "\uD83D\uDE00";

  @Test
  void charactersBeyondTheBasicPlaneCountOnce() {
    accepts(EMOJI.repeat(71));
    accepts(EMOJI.repeat(140));
    refuses(EMOJI.repeat(141), "at most 140 characters");
    refuses("x".repeat(141), "at most 140 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ada Lovelace",
        "Zoë Müller-Łukasiewicz",
        "O’Brien & Söhne № 7 (½)",
        "נועה כהן",
        "محمد بن راشد",
        "می\u200Cخواهم", // Persian: zero width non-joiner within a word
        "नमस्ते क्\u200Dष", // Devanagari: zero width joiner after a virama
        "ශ්\u200Dරී ලංකා", // Sinhala
        "അവന്\u200D", // Malayalam: at the end of a word
        "葛\uDB40\uDD00城市", // Japanese: the variant of an ideograph
        "ᠮᠣᠩᠭᠣᠯ\u180E\u1820",
        "山田 太郎",
        "김철수",
        "Müller", // with combining marks below
        "Mu\u0308ller",
        "\uD83D\uDC69\uD83C\uDFFD\u200D\uD83D\uDE80", // an astronaut
        "\uD83C\uDFF3\uFE0F\u200D\uD83C\uDF08", // a rainbow flag
        "\uD83D\uDC69\u200D\u2764\uFE0F\u200D\uD83D\uDC68",
        "1\uFE0F\u20E3 \u2764\uFE0F \uD83C\uDDE9\uD83C\uDDEA",
        "prix\u00A0: 10\u202F000"
      })
  void whatPeopleWriteIsAccepted(String text) {
    accepts(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u0000b",
        "a\nb",
        "a\tb",
        "a\u007Fb",
        "a\u0085b",
        "a\u2028b",
        "a\u2029b",
      })
  void controlCharactersAreRefused(String text) {
    refuses(text, "control characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD800", "a\uDC00b", "\uDE00\uD83D", "a\uD83D"})
  void halfOfASurrogatePairIsRefused(String text) {
    refuses(text, "half of a character");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u202Ab",
        "a\u202Bb",
        "a\u202Cb",
        "a\u202Db",
        "a\u202Eb",
        "a\u2066b",
        "a\u2067b",
        "a\u2068b",
        "a\u2069b",
      })
  void directionOverridesAndIsolatesAreRefused(String text) {
    refuses(text, "direction of text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u200Bb", // zero width space
        "a\u200Cb", // joiners between Latin letters
        "a\u200Db",
        "a\u200Eb", // direction marks
        "a\u200Fb",
        "a\u061Cb",
        "a\u00ADb", // soft hyphen
        "a\u034Fb",
        "a\u115Fb", // fillers
        "a\u1160b",
        "a\u3164b",
        "a\uFFA0b",
        "a\u17B4b",
        "a\u180Eb",
        "a\u2060b",
        "a\u2063b",
        "a\u206Ab",
        "a\uFEFFb",
        "a\uFE0Fb",
        "a\uDB40\uDD00b",
        "a\uDB40\uDC41b", // tags
        "a\uFFF9b",
        "\u200Dक",
        "\uD83D\uDE00\u200D"
      })
  void invisibleCharactersAreRefused(String text) {
    refuses(text, "invisible");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\uE000b", "a\uFFFEb", "a\uFDD0b", "a\u0378b", "a\uDBFF\uDFFDb"})
  void charactersWithoutMeaningAreRefused(String text) {
    refuses(text, "does not define");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\u00A0",
        "\u3000",
        "\u2800",
        "\u200B",
        "\u200D\u200C",
        "\uFEFF",
        "\u3164",
        "\u0301",
        "\u2060 \u00AD",
      })
  void aNameThatShowsNothingIsBlank(String text) {
    refuses(text, "must not be blank");
  }

  @Test
  void aReferenceMayBeEmptyButNotInvisible() {
    assertThatCode(() -> Validation.reference("")).doesNotThrowAnyException();
    assertThatIllegalArgumentException().isThrownBy(() -> Validation.reference("\u200B"));
    assertThatIllegalArgumentException().isThrownBy(() -> Validation.reference("rent\u202E"));
    assertThatIllegalArgumentException().isThrownBy(() -> Validation.reference("x".repeat(141)));
  }

  @Test
  void messagesCarryWhatWasAcceptedBefore() {
    assertThatCode(() -> Validation.carriedText("reason", "\u200B")).doesNotThrowAnyException();
    assertThatCode(() -> Validation.carriedReference("a\u202Eb")).doesNotThrowAnyException();
    assertThatIllegalArgumentException().isThrownBy(() -> Validation.carriedText("reason", " "));
    assertThatIllegalArgumentException().isThrownBy(() -> Validation.carriedReference("a\nb"));
  }

  private static void accepts(String text) {
    assertThatCode(() -> Validation.text("name", text)).doesNotThrowAnyException();
    assertThatCode(() -> Validation.reference(text)).doesNotThrowAnyException();
  }

  private static void refuses(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Validation.text("name", text))
        .withMessageStartingWith("name: must ")
        .withMessageContaining(why);
  }
}
