package io.kontor.api.payment;

import io.kontor.api.message.Validation;

/**
 * The payee at another bank.
 *
 * @param iban without spaces; valid by country, structure and check digits (ISO 13616)
 */
public record Creditor(String name, String iban) {

  /**
   * @throws IllegalArgumentException when the name is blank or too long, or the IBAN is invalid
   */
  public Creditor {
    Validation.text("name", name);
    Validation.that(
        Iban.isValid(iban),
        "iban: must be an IBAN built as its country's are, with right check digits, such as"
            + " \"DE89370400440532013000\"");
  }
}
