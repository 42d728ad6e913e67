package io.kontor.api.payment;

import io.kontor.api.Checks;
import nl.garvelink.iban.IBAN;

/**
 * Who is paid, at another bank.
 *
 * @param iban without spaces; its country, length and check digits are right (ISO 13616)
 */
public record Creditor(String name, String iban) {

  /**
   * @throws IllegalArgumentException when the name is blank or too long, or the IBAN is none
   */
  public Creditor {
    Checks.carriedText("name", name);
    Checks.that(
        isIban(iban),
        "iban: must be an IBAN with its country's length and right check digits, such as"
            + " \"DE89370400440532013000\"");
  }

  private static boolean isIban(String text) {
    try {
      IBAN iban = IBAN.parse(text);
      return iban.isInSwiftRegistry() && iban.toPlainString().equals(text);
    } catch (IllegalArgumentException none) {
      return false;
    }
  }
}
