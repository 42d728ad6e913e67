package io.kontor.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Reads times in the form of RFC 3339, and no other: Jackson takes numbers too, and years that no
 * database keeps.
 */
final class WrittenInstants extends StdDeserializer<Instant> {
  private static final int LAST_YEAR = 9999;

  WrittenInstants() {
    super(Instant.class);
  }

  @Override
  public Instant deserialize(JsonParser parser, DeserializationContext context) {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return (Instant) context.handleUnexpectedToken(getValueType(context), parser);
    }
    String text = parser.getString();
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getYear() > 0 && time.getYear() <= LAST_YEAR) {
        return time.toInstant();
      }
    } catch (DateTimeException malformed) {
      // told below, like a year out of range
    }
    return (Instant) context.handleWeirdStringValue(Instant.class, text, "not of RFC 3339");
  }
}
