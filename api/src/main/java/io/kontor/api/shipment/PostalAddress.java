package io.kontor.api.shipment;

import io.kontor.api.message.Validation;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A delivery address.
 *
 * @param country ISO 3166-1 alpha-2
 */
public record PostalAddress(
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
  public PostalAddress {
    Validation.text("name", name);
    Validation.text("line1", line1);
    if (line2 != null) {
      Validation.text("line2", line2);
    }
    Validation.text("postalCode", postalCode);
    Validation.text("city", city);
    Validation.that(
        COUNTRY.matcher(country).matches(), "country: must be two capital letters such as \"DE\"");
  }
}
