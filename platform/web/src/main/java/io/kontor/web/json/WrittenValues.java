package io.kontor.web.json;

import io.kontor.tenancy.Uuids;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads values that JSON represents as strings, in their canonical form only. Jackson also accepts
 * times and dates as numbers or outside the database's range of years, and UUIDs in base 64 or with
 * spaces around.
 */
final class WrittenValues<T> extends StdDeserializer<T> {
  private final transient Function<String, T> parse;

  private WrittenValues(Class<T> type, Function<String, T> parse) {
    super(type);
    this.parse = parse;
  }

  static SimpleModule module() {
    return new SimpleModule()
        .addDeserializer(Instant.class, new WrittenValues<>(Instant.class, Instants::parse))
        .addDeserializer(LocalDate.class, new WrittenValues<>(LocalDate.class, Dates::parse))
        .addDeserializer(UUID.class, new WrittenValues<>(UUID.class, Uuids::parse));
  }

  @Override
  @SuppressWarnings("unchecked")
  public T deserialize(JsonParser parser, DeserializationContext context) {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return (T) context.handleUnexpectedToken(getValueType(context), parser);
    }
    String text = parser.getString();
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException malformed) {
      return (T)
          context.handleWeirdStringValue(
              handledType(), text, String.valueOf(malformed.getMessage()));
    }
  }
}
