package io.kontor.personaldata;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of a name, alike however a name is written: lower case, without accents. */
final class NameWords {
  private static final Pattern ACCENT = Pattern.compile("\\p{M}+");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

  private NameWords() {}

  static Set<String> of(String name) {
    String plain =
        ACCENT
            .matcher(Normalizer.normalize(name, Normalizer.Form.NFKD))
            .replaceAll("")
            .toLowerCase(Locale.ROOT);
    return Stream.of(BETWEEN_WORDS.split(plain))
        .filter(word -> !word.isEmpty())
        .collect(toUnmodifiableSet());
  }
}
