package io.kontor.httpclient;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes text from another party safe to store, log and show. It never rejects text: the party's
 * decision counts, however it is worded.
 */
public final class ForeignText {
  /** The longest line, in UTF-16 units, the limit of a message's texts. */
  public static final int LONGEST = 140;

  /** Replaces a reason that is empty or invisible. */
  public static final String NO_REASON = "no reason given";

  /** The rest of a longer text is ignored, in UTF-16 units. */
  private static final int LOOKED_AT = 4096;

  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  /**
   * Letters and symbols without a visible glyph: fillers of Hangul and the empty Braille pattern.
   */
  private static final Set<Integer> FILLERS = Set.of(0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800);

  private ForeignText() {}

  /**
   * One line of at most {@link #LONGEST} UTF-16 units, cut between grapheme clusters. Control
   * characters and line breaks become spaces; unpaired surrogates and formatting characters are
   * removed.
   *
   * @param otherwise returned when nothing visible is left
   */
  public static String line(@Nullable String text, String otherwise) {
    if (text == null) {
      return otherwise;
    }
    String line =
        text.substring(0, Math.min(text.length(), LOOKED_AT))
            .codePoints()
            .map(ForeignText::cleaned)
            .filter(character -> character >= 0)
            .mapToObj(Character::toString)
            .collect(Collectors.joining())
            .replaceAll(" {2,}", " ")
            .strip();
    return line.codePoints().anyMatch(ForeignText::isVisible) ? cut(line) : otherwise;
  }

  /** The party's reason as {@link #line}, or {@link #NO_REASON}; null when there is none. */
  public static @Nullable String reason(@Nullable String text) {
    return text == null ? null : line(text, NO_REASON);
  }

  /** The replacement of a character; -1 removes it. */
  private static int cleaned(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          ' ';
      case Character.SURROGATE, Character.UNASSIGNED -> -1;
      case Character.FORMAT -> isJoiner(character) ? character : -1;
      default -> FILLERS.contains(character) ? -1 : character;
    };
  }

  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK ->
          false;
      default -> true;
    };
  }

  /** Emoji and some scripts need these to join or separate characters. */
  private static boolean isJoiner(int character) {
    return character == ZERO_WIDTH_JOINER || character == ZERO_WIDTH_NON_JOINER;
  }

  private static String cut(String line) {
    if (line.length() <= LONGEST) {
      return line;
    }
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(line);
    int end = characters.isBoundary(LONGEST) ? LONGEST : characters.preceding(LONGEST);
    if (end == 0) {
      // One base character with too many marks: at least no surrogate pair is split.
      end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    }
    return line.substring(0, end).strip();
  }
}
