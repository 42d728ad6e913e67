package io.kontor.web.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes JSON with a {@code Content-Length}, in one write. Bodies are small here, and chunked
 * encoding costs server and client another packet.
 */
public final class ContentLengthJsonConverter extends JacksonJsonHttpMessageConverter {
  private static final int USUAL_BYTES = 512;

  public ContentLengthJsonConverter(JsonMapper json) {
    super(json);
  }

  @Override
  protected void writeInternal(
      Object body,
      ResolvableType type,
      HttpOutputMessage response,
      @Nullable Map<String, Object> hints)
      throws IOException {
    var bytes = new ByteArrayOutputStream(USUAL_BYTES);
    super.writeInternal(body, type, new Buffered(response.getHeaders(), bytes), hints);
    response.getHeaders().setContentLength(bytes.size());
    bytes.writeTo(response.getBody());
  }

  private record Buffered(HttpHeaders headers, OutputStream body) implements HttpOutputMessage {
    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }

    @Override
    public OutputStream getBody() {
      return body;
    }
  }
}
