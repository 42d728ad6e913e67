package io.kontor.httpclient;

import io.kontor.httpclient.CallResult.Done;
import io.kontor.httpclient.CallResult.Failed;
import io.kontor.httpclient.CallResult.Refused;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Interprets an HTTP response. Ignores unknown fields, which the other party may add. */
final class ResponseReader {
  /** Without type coercion: the same bytes must always give the same outcome. */
  private final JsonMapper json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(LogicalType.Textual, ResponseReader::onlyItself)
          .build();

  byte[] written(Object body) {
    return json.writeValueAsBytes(body);
  }

  <T> CallResult<T> read(int status, byte[] body, Class<T> responseType) {
    if (status >= 500 || status == 408 || status == 425 || status == 429) {
      return new Failed<>(CallFailure.SERVER, "status " + status);
    }
    if (status >= 400) {
      return new Refused<>(status, reason(body));
    }
    if (status < 200 || status >= 300) {
      return new Failed<>(CallFailure.UNREADABLE, "status " + status);
    }
    try {
      T read = json.readValue(body, responseType);
      return read == null
          ? new Failed<>(CallFailure.UNREADABLE, "the answer is empty")
          : new Done<>(read);
    } catch (RuntimeException unreadable) {
      return new Failed<>(CallFailure.UNREADABLE, "the answer is not what was expected");
    }
  }

  private static void onlyItself(MutableCoercionConfig text) {
    for (CoercionInputShape other : CoercionInputShape.values()) {
      if (other != CoercionInputShape.String && other != CoercionInputShape.EmptyString) {
        text.setCoercion(other, CoercionAction.Fail);
      }
    }
  }

  /** The other party's reason, if it is in one of the usual fields. */
  private String reason(byte[] body) {
    try {
      JsonNode response = json.readTree(body);
      return Stream.of("reason", "detail", "title")
          .map(response::path)
          .filter(JsonNode::isString)
          .map(JsonNode::stringValue)
          .findFirst()
          .orElse("");
    } catch (RuntimeException notJson) {
      return "";
    }
  }
}
