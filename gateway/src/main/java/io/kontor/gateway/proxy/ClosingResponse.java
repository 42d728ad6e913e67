package io.kontor.gateway.proxy;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * An answer that closes what it is written from, also where Spring writes none of it since the
 * client has it already (304).
 */
record ClosingResponse(ServerResponse answer, Closeable source) implements ServerResponse {
  @Override
  public HttpStatusCode statusCode() {
    return answer.statusCode();
  }

  @Override
  public HttpHeaders headers() {
    return answer.headers();
  }

  @Override
  public MultiValueMap<String, Cookie> cookies() {
    return answer.cookies();
  }

  @Override
  public @Nullable ModelAndView writeTo(
      HttpServletRequest request, HttpServletResponse response, Context context)
      throws ServletException, IOException {
    try (source) {
      return answer.writeTo(request, response, context);
    }
  }
}
