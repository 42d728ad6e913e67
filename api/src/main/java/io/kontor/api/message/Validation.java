package io.kontor.api.message;

import io.kontor.api.money.CurrentCurrencies;
import io.kontor.api.money.Money;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/**
 * The rules that messages check in their constructors; the texts are for the sender of the value.
 */
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
   * Text from a client: not blank, at most {@link #MAX_TEXT} characters, no invisible or undefined
   * ones and none that change the text's direction.
   */
  public static void text(String name, String value) {
    length(name, value);
    that(!PlainText.isBlank(value), name + ": must not be blank");
    plain(name, value);
  }

  /** A reference from a client: like {@link #text}, but may be empty. */
  public static void reference(String value) {
    length("reference", value);
    that(value.isEmpty() || !PlainText.isBlank(value), "reference: must be empty or not blank");
    plain("reference", value);
  }

  /**
   * Text in an internal message, which is more lenient than {@link #text}: processes repeat text
   * that was accepted under older rules. Not blank, at most {@link #MAX_TEXT} characters, no
   * control characters.
   */
  public static void carriedText(String name, String value) {
    length(name, value);
    that(!value.isBlank(), name + ": must not be blank");
    noControls(name, value);
  }

  /** Like {@link #carriedText}, but may be null: none was given. */
  public static void carriedTextOrNone(String name, @Nullable String value) {
    if (value != null) {
      carriedText(name, value);
    }
  }

  /** Like {@link #carriedText}, but may be empty. */
  public static void carriedReference(String value) {
    length("reference", value);
    noControls("reference", value);
  }

  /** More than zero, of any currency. */
  public static void positive(String name, Money amount) {
    that(amount.isPositive(), name + ": must be more than zero");
  }

  /** An amount from a client: more than zero, of a current currency. */
  public static void amount(String name, Money amount) {
    positive(name, amount);
    currency(name, amount.currency());
  }

  /** On the current ISO 4217 list. */
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

  /** Counts code points: a character beyond the basic plane takes two {@code char}s. */
  private static void length(String name, String value) {
    if (value.length() > 2 * MAX_TEXT || value.codePointCount(0, value.length()) > MAX_TEXT) {
      throw new IllegalArgumentException(
          "%s: must have at most %d characters".formatted(name, MAX_TEXT));
    }
  }

  private static void plain(String name, String value) {
    String fault = PlainText.fault(value);
    if (fault != null) {
      throw new IllegalArgumentException("%s: must not contain %s".formatted(name, fault));
    }
  }

  private static void noControls(String name, String value) {
    that(
        value.chars().noneMatch(Character::isISOControl),
        name + ": must not contain control characters");
  }
}
