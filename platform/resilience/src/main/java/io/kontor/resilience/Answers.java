package io.kontor.resilience;

import io.kontor.resilience.Reply.Done;
import io.kontor.resilience.Reply.Failed;
import io.kontor.resilience.Reply.Refused;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an HTTP answer means. Fields that are not known here are the other party's to add. */
final class Answers {
  private static final int LONGEST_REASON = 140;

  private final JsonMapper json = new JsonMapper();

  byte[] written(Object body) {
    return json.writeValueAsBytes(body);
  }

  <T> Reply<T> read(int status, byte[] body, Class<T> answer) {
    if (status >= 500 || status == 408 || status == 425 || status == 429) {
      return new Failed<>(Fault.SERVER, "status " + status);
    }
    if (status >= 400) {
      return new Refused<>(status, reason(status, body));
    }
    if (status < 200 || status >= 300) {
      return new Failed<>(Fault.UNREADABLE, "status " + status);
    }
    try {
      T read = json.readValue(body, answer);
      return read == null
          ? new Failed<>(Fault.UNREADABLE, "the answer is empty")
          : new Done<>(read);
    } catch (JacksonException | IllegalArgumentException unreadable) {
      return new Failed<>(Fault.UNREADABLE, "the answer is not what was expected");
    }
  }

  /** Its own words where there are any, under the names that are usual. */
  private String reason(int status, byte[] body) {
    try {
      JsonNode told = json.readTree(body);
      return Stream.of("reason", "detail", "title")
          .map(told::path)
          .filter(JsonNode::isString)
          .map(JsonNode::stringValue)
          .findFirst()
          .map(Answers::oneLine)
          .orElse("status " + status);
    } catch (JacksonException notJson) {
      return "status " + status;
    }
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON);
  }
}
