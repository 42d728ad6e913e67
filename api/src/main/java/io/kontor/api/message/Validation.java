package io.kontor.api.message;

import io.kontor.api.money.CurrentCurrencies;
import io.kontor.api.money.Money;
import java.util.Currency;

/** The rules that messages check in their constructors, worded for whoever sent the value. */
public final class Validation {
  /** The longest text a message carries, in Unicode code points. */
  public static final int MAX_TEXT = 140;

  private Validation() {}

  /**
   * @throws IllegalArgumentException with {@code otherwise} when the rule does not hold
   */
  public static void that(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * What a client may write: not blank, at most {@link #MAX_TEXT} characters, and none that can't
   * be seen, that change the direction of text or that Unicode does not define.
   */
  public static void text(String name, String value) {
    length(name, value);
    that(!PlainText.isBlank(value), name + ": must not be blank");
    plain(name, value);
  }

  /** What a client may write as a reference: like {@link #text}, and it may be empty. */
  public static void reference(String value) {
    length("reference", value);
    that(value.isEmpty() || !PlainText.isBlank(value), "reference: must be empty or not blank");
    plain("reference", value);
  }

  /**
   * What a message can carry, which is more than {@link #text}: processes repeat what clients and
   * other parties wrote when less was refused. Not blank, at most {@link #MAX_TEXT} characters, no
   * control characters.
   */
  public static void carriedText(String name, String value) {
    length(name, value);
    that(!value.isBlank(), name + ": must not be blank");
    noControls(name, value);
  }

  /** Like {@link #carriedText}, and it may be empty. */
  public static void carriedReference(String value) {
    length("reference", value);
    noControls("reference", value);
  }

  /** More than zero: where money moves. */
  public static void positive(String name, Money amount) {
    that(amount.isPositive(), name + ": must be more than zero");
  }

  /** What a client may move into the bank or ask for: more than zero, of a current currency. */
  public static void amount(String name, Money amount) {
    positive(name, amount);
    currency(name, amount.currency());
  }

  /** One of the current ISO 4217 list. */
  public static void currency(String name, Currency currency) {
    that(
        CurrentCurrencies.contains(currency),
        name + ": must be in a currency of the current ISO 4217 list, such as EUR");
  }

  public static void notNegative(String name, Money amount) {
    that(!amount.isNegative(), name + ": must not be negative");
  }

  /** From 1 to {@code most}. */
  public static void quantity(int quantity, int most) {
    that(quantity >= 1 && quantity <= most, "quantity: must be 1 to %d".formatted(most));
  }

  /** Of characters as people count them: one beyond the basic plane takes two {@code char}s. */
  private static void length(String name, String value) {
    that(
        value.length() <= 2 * MAX_TEXT && value.codePointCount(0, value.length()) <= MAX_TEXT,
        "%s: must have at most %d characters".formatted(name, MAX_TEXT));
  }

  private static void plain(String name, String value) {
    String fault = PlainText.fault(value);
    that(fault == null, "%s: must not contain %s".formatted(name, fault));
  }

  private static void noControls(String name, String value) {
    that(
        value.chars().noneMatch(Character::isISOControl),
        name + ": must not contain control characters");
  }
}
