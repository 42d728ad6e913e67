package io.kontor.personaldata;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Base64;
import java.util.UUID;

/**
 * A text about a person, as stored in commands, events, snapshots and read models: encrypted with
 * the key of its subject. Only {@link PersonalDataService} creates and reads it, at the edges.
 *
 * @param stored the value in JSON and in columns; unreadable without the key
 */
public record SealedText(@JsonValue String stored) {
  private static final String SEALED = "sealed:";
  private static final String CLEAR = "clear:";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /**
   * @throws IllegalArgumentException when {@code stored} is malformed
   */
  @JsonCreator
  public SealedText {
    if (!hasForm(stored)) {
      throw new IllegalArgumentException("personal data must be sealed");
    }
  }

  /**
   * A text stored before encryption was introduced. Its bytes stay readable in the store, but it is
   * not shown after its subject was erased.
   */
  public static SealedText inTheClear(String subject, String text) {
    return new SealedText(CLEAR + ENCODER.encodeToString(utf8(subject)) + ":" + text);
  }

  static SealedText sealedWith(UUID key, byte[] sealed) {
    return new SealedText(SEALED + key + ":" + ENCODER.encodeToString(sealed));
  }

  /** Whether it is encrypted; not so a text of {@link #inTheClear}. */
  @JsonIgnore
  public boolean isSealed() {
    return stored.startsWith(SEALED);
  }

  /** The parts of {@link #stored}. */
  Content content() {
    int second = stored.indexOf(':', stored.indexOf(':') + 1);
    String rest = stored.substring(second + 1);
    if (stored.startsWith(SEALED)) {
      return new Sealed(
          UUID.fromString(stored.substring(SEALED.length(), second)),
          Base64.getUrlDecoder().decode(rest));
    }
    String subject = stored.substring(CLEAR.length(), second);
    return new Clear(new String(Base64.getUrlDecoder().decode(subject), UTF_8), rest);
  }

  sealed interface Content {}

  /** Encrypted with the key of this id. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sealed(UUID key, byte[] bytes) implements Content {}

  record Clear(String subject, String text) implements Content {}

  private static boolean hasForm(String stored) {
    return (stored.startsWith(SEALED) && stored.indexOf(':', SEALED.length()) > 0)
        || (stored.startsWith(CLEAR) && stored.indexOf(':', CLEAR.length()) > 0);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** Empty of content, so that logs are, too. */
  @Override
  public String toString() {
    return "(personal)";
  }
}
