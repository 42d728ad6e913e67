package io.kontor.api.message;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks text for people: the characters of PRECIS' FreeformClass (RFC 8264), which excludes
 * invisible ones and those that change the text's direction. Joiners and variation selectors,
 * though invisible, are allowed where scripts and emoji need them.
 */
final class PlainText {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int EMOJI_STYLE = 0xFE0F;
  private static final int BRAILLE_BLANK = 0x2800;

  /** Scripts whose letters change shape before a joiner. */
  private static final Set<UnicodeScript> JOINING =
      EnumSet.of(
          UnicodeScript.ARABIC,
          UnicodeScript.SYRIAC,
          UnicodeScript.MANDAIC,
          UnicodeScript.NKO,
          UnicodeScript.ADLAM,
          UnicodeScript.HANIFI_ROHINGYA,
          UnicodeScript.MONGOLIAN,
          UnicodeScript.PHAGS_PA,
          UnicodeScript.DEVANAGARI,
          UnicodeScript.BENGALI,
          UnicodeScript.GURMUKHI,
          UnicodeScript.GUJARATI,
          UnicodeScript.ORIYA,
          UnicodeScript.TAMIL,
          UnicodeScript.TELUGU,
          UnicodeScript.KANNADA,
          UnicodeScript.MALAYALAM,
          UnicodeScript.SINHALA,
          UnicodeScript.TIBETAN,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR,
          UnicodeScript.BALINESE,
          UnicodeScript.JAVANESE);

  private PlainText() {}

  /** The fault, worded to follow {@code must not contain}; null when there is none. */
  static @Nullable String fault(String text) {
    int before = -1;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      int end = at + Character.charCount(character);
      String fault = fault(character);
      if (fault == null && isHidden(character) && !belongs(character, text, at, before, end)) {
        fault = "invisible characters such as " + named(character);
      }
      if (fault != null) {
        return fault;
      }
      before = character;
      at = end;
    }
    return null;
  }

  /** Whether the text has no visible character. */
  static boolean isBlank(String text) {
    return text.codePoints().noneMatch(PlainText::isSeen);
  }

  private static @Nullable String fault(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          "control characters";
      case Character.SURROGATE -> "half of a character, " + named(character);
      case Character.PRIVATE_USE, Character.UNASSIGNED ->
          "characters that Unicode does not define, such as " + named(character);
      default ->
          isDirection(character)
              ? "marks that change the direction of text, such as " + named(character)
              : null;
    };
  }

  private static boolean isDirection(int character) {
    return switch (Character.getDirectionality(character)) {
      case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
          Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
          Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
          Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE ->
          true;
      default -> false;
    };
  }

  /** Whether it is a Default_Ignorable_Code_Point or an invisible format character. */
  private static boolean isHidden(int character) {
    return switch (character) {
      // combining grapheme joiner, fillers, inherent vowels that are not written
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0 -> true;
      // number signs that are written around their digits
      case 0x0600, 0x0601, 0x0602, 0x0603, 0x0604, 0x0605, 0x06DD, 0x070F -> false;
      case 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD -> false;
      default -> isVariation(character) || Character.getType(character) == Character.FORMAT;
    };
  }

  private static boolean isVariation(int character) {
    return (character >= 0xFE00 && character <= EMOJI_STYLE)
        || (character >= 0xE0100 && character <= 0xE01EF)
        || isMongolianVariation(character);
  }

  private static boolean isMongolianVariation(int character) {
    return character >= 0x180B && character <= 0x180F;
  }

  private static boolean belongs(int character, String text, int at, int before, int end) {
    return switch (character) {
      case ZERO_WIDTH_NON_JOINER -> isJoining(text, at);
      case ZERO_WIDTH_JOINER -> isJoining(text, at) || joinsEmoji(before, text, end);
      default -> isVariation(character) && varies(character, before);
    };
  }

  /** Whether a letter of a joining script, with its marks, ends at {@code at}. */
  private static boolean isJoining(String text, int at) {
    int end = at;
    while (end > 0 && isInheritedMark(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    if (end == 0) {
      return false;
    }
    int letter = text.codePointBefore(end);
    return (Character.isLetter(letter) || isMark(letter))
        && JOINING.contains(UnicodeScript.of(letter));
  }

  private static boolean joinsEmoji(int before, String text, int end) {
    return end < text.length()
        && Character.isExtendedPictographic(text.codePointAt(end))
        && (before == EMOJI_STYLE
            || Character.isEmojiModifier(before)
            || Character.isExtendedPictographic(before));
  }

  private static boolean varies(int character, int before) {
    if (before < 0) {
      return false;
    }
    UnicodeScript script = UnicodeScript.of(before);
    if (isMongolianVariation(character)) {
      return script == UnicodeScript.MONGOLIAN && Character.isLetter(before);
    }
    return script == UnicodeScript.HAN
        || script == UnicodeScript.MYANMAR
        || script == UnicodeScript.PHAGS_PA
        || (Character.isEmoji(before) && (character == EMOJI_STYLE || character == 0xFE0E));
  }

  private static boolean isSeen(int character) {
    return !Character.isSpaceChar(character)
        && !isMark(character)
        && !isHidden(character)
        && !Character.isISOControl(character)
        && character != BRAILLE_BLANK;
  }

  private static boolean isInheritedMark(int character) {
    return isMark(character)
        && !isVariation(character)
        && UnicodeScript.of(character) == UnicodeScript.INHERITED;
  }

  private static boolean isMark(int character) {
    int type = Character.getType(character);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  private static String named(int character) {
    return "U+%04X".formatted(character);
  }
}
