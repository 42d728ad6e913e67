package io.kontor.api.shipment;

import io.kontor.api.Checks;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where something is brought to.
 *
 * @param country ISO 3166-1 alpha-2
 */
public record Address(
    String name,
    String line1,
    @Nullable String line2,
    String postalCode,
    String city,
    String country) {
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

  /**
   * @throws IllegalArgumentException when a part is blank or too long, or the country is not two
   *     capital letters
   */
  public Address {
    Checks.text("name", name);
    Checks.text("line1", line1);
    if (line2 != null) {
      Checks.text("line2", line2);
    }
    Checks.text("postalCode", postalCode);
    Checks.text("city", city);
    Checks.that(
        COUNTRY.matcher(country).matches(), "country: must be two capital letters such as \"DE\"");
  }
}
