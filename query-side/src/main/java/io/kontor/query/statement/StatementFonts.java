package io.kontor.query.statement;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Objects;
import org.librepdf.openpdf.fonts.Liberation;
import org.openpdf.text.Font;
import org.openpdf.text.pdf.BaseFont;

/**
 * Liberation Sans, embedded with the letters that the document uses. It has the Latin, Greek and
 * Cyrillic letters; what it lacks is shown as a question mark.
 */
final class StatementFonts {
  private static final byte[] REGULAR = read("LiberationSans-Regular.ttf");
  private static final byte[] BOLD = read("LiberationSans-Bold.ttf");

  private final BaseFont regular = font("LiberationSans-Regular.ttf", REGULAR);
  private final BaseFont bold = font("LiberationSans-Bold.ttf", BOLD);

  BaseFont base() {
    return regular;
  }

  Font regular(float size) {
    return new Font(regular, size);
  }

  Font bold(float size) {
    return new Font(bold, size);
  }

  /** The text with the letters that the fonts have. */
  String printable(String text) {
    return text.codePoints()
        .map(letter -> regular.charExists(letter) ? letter : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static BaseFont font(String name, byte[] file) {
    try {
      BaseFont font =
          BaseFont.createFont(name, BaseFont.IDENTITY_H, BaseFont.EMBEDDED, false, file, null);
      font.setSecureRandom(new SamePrefix());
      return font;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(String name) {
    try (InputStream file = Liberation.class.getResourceAsStream("/liberation/" + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The prefix of an embedded font's name tells it from other parts of the same font in the file.
   * There are none, and a prefix by chance would give other bytes each time.
   */
  private static final class SamePrefix extends SecureRandom {
    @Override
    public double nextDouble() {
      return 0;
    }
  }
}
