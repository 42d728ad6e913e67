package io.kontor.api.inventory;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A stock keeping unit: the name of a product.
 *
 * @param value 1 to 64 letters, digits, dots, hyphens or underscores, the first a letter or digit
 */
public record Sku(@JsonValue String value) implements Comparable<Sku> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /**
   * @throws IllegalArgumentException when the name has another form
   */
  @JsonCreator
  public Sku {
    if (!isSku(value)) {
      throw new IllegalArgumentException(
          "a SKU is 1 to 64 letters, digits, dots, hyphens or underscores, such as \"MUG-1\"");
    }
  }

  public static boolean isSku(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(Sku other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
