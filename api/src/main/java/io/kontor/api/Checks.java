package io.kontor.api;

import io.kontor.api.money.Money;

/** The rules that messages check in their constructors, worded for whoever sent the value. */
public final class Checks {
  /** The longest text a message carries, in characters. */
  public static final int MAX_TEXT = 140;

  private Checks() {}

  /**
   * @throws IllegalArgumentException with {@code otherwise} when the rule does not hold
   */
  public static void that(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Not blank, at most {@link #MAX_TEXT} characters, no control characters. */
  public static void text(String name, String value) {
    that(!value.isBlank(), name + ": must not be blank");
    reference(name, value);
  }

  /** May be empty, at most {@link #MAX_TEXT} characters, no control characters. */
  public static void reference(String value) {
    reference("reference", value);
  }

  /** More than zero: where money moves. */
  public static void positive(String name, Money amount) {
    that(amount.isPositive(), name + ": must be more than zero");
  }

  public static void notNegative(String name, Money amount) {
    that(!amount.isNegative(), name + ": must not be negative");
  }

  /** From 1 to {@code most}. */
  public static void quantity(int quantity, int most) {
    that(quantity >= 1 && quantity <= most, "quantity: must be 1 to %d".formatted(most));
  }

  private static void reference(String name, String value) {
    that(
        value.length() <= MAX_TEXT,
        "%s: must have at most %d characters".formatted(name, MAX_TEXT));
    that(
        value.chars().noneMatch(Character::isISOControl),
        name + ": must not contain control characters");
  }
}
