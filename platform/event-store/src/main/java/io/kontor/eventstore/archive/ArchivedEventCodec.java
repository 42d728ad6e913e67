package io.kontor.eventstore.archive;

import static java.util.Objects.requireNonNull;

import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.Uuids;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * An event as a line of JSON. Payload and metadata are embedded exactly as stored; where that would
 * break the line, as a string. The position is left out, because it differs between stores.
 */
final class ArchivedEventCodec {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String AS_TEXT = "Text";

  private ArchivedEventCodec() {}

  static String write(StoredEvent event) {
    var text = new StringWriter(1024);
    try (JsonGenerator line = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      line.writeStartObject();
      line.writeStringProperty("tenant", event.stream().tenant().value());
      line.writeStringProperty("stream", event.stream().uuid().toString());
      line.writeNumberProperty("sequence", event.sequence());
      line.writeStringProperty("streamType", event.streamType());
      line.writeStringProperty("id", event.eventId().toString());
      line.writeStringProperty("type", event.type());
      if (event.revision() != null) {
        line.writeStringProperty("revision", event.revision());
      }
      line.writeStringProperty("recordedAt", event.recordedAt().toString());
      line.writeNumberProperty("rest", event.unitRest());
      json(line, "payload", event.payload());
      json(line, "metadata", event.metadata());
      line.writeEndObject();
    }
    return text.toString();
  }

  /**
   * Reads an event without position and hash, which the line does not contain.
   *
   * @throws ArchiveException when the line is not an event
   */
  static StoredEvent read(String line, long number) {
    try {
      return event(fields(line));
    } catch (JacksonException
        | UncheckedIOException
        | IllegalArgumentException
        | NullPointerException
        | DateTimeParseException bad) {
      throw new ArchiveException("line %d is not an event".formatted(number));
    }
  }

  private static StoredEvent event(Map<String, String> fields) {
    return new StoredEvent(
        0,
        new StreamId(
            new TenantId(required(fields, "tenant")), Uuids.parse(required(fields, "stream"))),
        Long.parseLong(required(fields, "sequence")),
        required(fields, "streamType"),
        Uuids.parse(required(fields, "id")),
        required(fields, "type"),
        fields.get("revision"),
        Instant.parse(required(fields, "recordedAt")),
        Integer.parseInt(required(fields, "rest")),
        required(fields, "payload"),
        required(fields, "metadata"),
        EventChain.START);
  }

  private static String required(Map<String, String> fields, String name) {
    return requireNonNull(fields.get(name), name);
  }

  private static void json(JsonGenerator line, String name, String stored) {
    if (standsInALine(stored)) {
      line.writeName(name);
      line.writeRawValue(stored);
    } else {
      line.writeStringProperty(name + AS_TEXT, stored);
    }
  }

  private static boolean standsInALine(String json) {
    return json.startsWith("{")
        && json.endsWith("}")
        && json.indexOf('\n') < 0
        && json.indexOf('\r') < 0;
  }

  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException();
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        String value = value(parser, line);
        if (value != null) {
          fields.put(name.endsWith(AS_TEXT) ? name.replace(AS_TEXT, "") : name, value);
        }
      }
    }
    return fields;
  }

  private static @Nullable String value(JsonParser parser, String line) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return parser.getValueAsString();
    }
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return line.substring(start, (int) parser.currentLocation().getCharOffset());
  }
}
