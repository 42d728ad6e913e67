package io.kontor.gateway.proxy;

import io.kontor.web.json.BoundedJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Counts the transfers of a bulk without reading them. */
final class BulkSize {
  private static final JsonMapper JSON = JsonMapper.builder(BoundedJson.factory()).build();

  private BulkSize() {}

  /** At least 1, also for a body that the node is going to refuse. */
  static long of(byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return 1;
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean isTransfers = "transfers".equals(json.currentName());
        if (json.nextToken() == JsonToken.START_ARRAY && isTransfers) {
          return Math.max(1, elements(json));
        }
        json.skipChildren();
      }
      return 1;
    } catch (JacksonException malformed) {
      return 1;
    }
  }

  private static long elements(JsonParser json) {
    long count = 0;
    for (JsonToken next = json.nextToken();
        next != null && next != JsonToken.END_ARRAY;
        next = json.nextToken()) {
      json.skipChildren();
      count++;
    }
    return count;
  }
}
