package io.kontor.gateway.proxy;

import io.kontor.web.json.BoundedJson;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * The stream by which a command is routed, as far as its request names it: by the first id in its
 * path, or as the account from which money is sent. A wrong guess costs a hop between nodes.
 */
final class CommandStream {
  private static final JsonMapper JSON = JsonMapper.builder(BoundedJson.factory()).build();
  private static final String TRANSFERS = "/v1/transfers";
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private CommandStream() {}

  /**
   * The id of {@code <tenant>/<id>}.
   *
   * @param path decoded, without a query
   */
  static Optional<String> idIn(String path, byte[] body) {
    return id(path.equals(TRANSFERS) ? from(body) : path);
  }

  private static Optional<String> id(String text) {
    Matcher id = ID.matcher(text.toLowerCase(Locale.ROOT));
    return id.find() ? Optional.of(id.group()) : Optional.empty();
  }

  /** Empty for a body that the node is going to refuse. */
  private static String from(byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
          boolean isFrom = "from".equals(json.currentName());
          if (json.nextToken() == JsonToken.VALUE_STRING && isFrom) {
            return json.getString();
          }
          json.skipChildren();
        }
      }
      return "";
    } catch (JacksonException malformed) {
      return "";
    }
  }
}
