package io.kontor.notifications.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.notifications.store.Notification;
import io.kontor.notifications.stream.NotificationStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes notifications as Server-Sent Events.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the format</a>
 */
final class EventStreamClient implements NotificationStream.Client {
  /** A client that was cut off comes back after a second. */
  private static final String BEGIN = "retry: 1000\n\n";

  private static final String COMMENT = ":\n\n";

  /** Without data, it is no event, but says with what a client comes back. */
  private static final String LAST = "id: %s\n\n";

  private static final String EVENT = "id: %s\nevent: notification\ndata: %s\n\n";

  private final HttpServletResponse response;
  private final StreamToken token;
  private final JsonMapper json;

  /**
   * @param token verified with each heartbeat
   */
  EventStreamClient(HttpServletResponse response, StreamToken token, JsonMapper json) {
    this.response = response;
    this.token = token;
    this.json = json;
  }

  /** Sets the headers of the response. */
  static void head(HttpServletResponse response) {
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  @Override
  public void begin() throws IOException {
    head(response);
    write(BEGIN);
  }

  @Override
  public void send(List<Notification> page) throws IOException {
    var events = new StringBuilder();
    for (Notification one : page) {
      events.append(EVENT.formatted(one.id(), json.writeValueAsString(one)));
    }
    write(events.toString());
  }

  @Override
  public void heartbeat(@Nullable UUID last) throws IOException {
    token.verify();
    write(last == null ? COMMENT : LAST.formatted(last));
  }

  private void write(String text) throws IOException {
    response.getOutputStream().write(text.getBytes(UTF_8));
    response.flushBuffer();
  }
}
