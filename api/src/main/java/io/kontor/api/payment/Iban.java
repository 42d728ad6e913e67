package io.kontor.api.payment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Validates international bank account numbers (ISO 13616) by the SWIFT registry. */
final class Iban {
  private static final int LONGEST = 34;
  private static final int COUNTRY = 2;
  private static final int HEAD = 4;
  private static final int MODULUS = 97;

  /**
   * A part of a structure: a number of digits ({@code n}), letters ({@code a}) or both ({@code c}).
   */
  private static final Pattern PART = Pattern.compile("([0-9]+)!([nac])");

  private static final Map<String, Pattern> BY_COUNTRY = read();

  private Iban() {}

  /**
   * Whether {@code text} has no spaces, a country of the registry, that country's structure and the
   * right check digits (02 to 98, ISO 7064).
   */
  static boolean isValid(String text) {
    if (text.length() < HEAD || text.length() > LONGEST) {
      return false;
    }
    Pattern form = BY_COUNTRY.get(text.substring(0, COUNTRY));
    return form != null
        && form.matcher(text).matches()
        && text.substring(COUNTRY, HEAD).equals(checkDigits(text));
  }

  private static String checkDigits(String iban) {
    String rearranged = iban.substring(HEAD) + iban.substring(0, COUNTRY) + "00";
    int remainder = 0;
    for (int at = 0; at < rearranged.length(); at++) {
      int value = Character.digit(rearranged.charAt(at), Character.MAX_RADIX);
      remainder = (remainder * (value < 10 ? 10 : 100) + value) % MODULUS;
    }
    return "%02d".formatted(MODULUS + 1 - remainder);
  }

  private static Map<String, Pattern> read() {
    var file = Objects.requireNonNull(Iban.class.getResourceAsStream("iban-registry.txt"));
    try (var lines = new BufferedReader(new InputStreamReader(file, UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableMap(line -> line.substring(0, COUNTRY), Iban::form));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pattern form(String line) {
    var form = new StringBuilder(line.substring(0, COUNTRY)).append("[0-9]{2}");
    for (Matcher part = PART.matcher(line); part.find(); ) {
      String characters =
          switch (part.group(2)) {
            case "n" -> "[0-9]";
            case "a" -> "[A-Z]";
            default -> "[0-9A-Z]";
          };
      form.append(characters).append('{').append(part.group(1)).append('}');
    }
    return Pattern.compile(form.toString());
  }
}
