package io.kontor.gateway.proxy;

import io.kontor.gateway.proxy.NodeProxyExchange.Reply;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.IncompleteResponseException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * A node's answer: whole, or, where its length is not known or large, with a body that is still to
 * be read and must be closed.
 */
final class NodeAnswer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAnswer.class);
  private static final int BUFFER = 16_384;

  /** Those of a connection, and those that the gateway answers itself. */
  private static final Set<String> LEFT_BEHIND =
      Set.of(
          "connection",
          "content-length",
          "date",
          "keep-alive",
          "proxy-authenticate",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "traceparent",
          KontorHeaders.CORRELATION_ID.toLowerCase(Locale.ROOT));

  private final HttpResponse<Body> response;
  private final boolean isHead;
  private final Runnable whenClosed;
  private boolean isClosed;

  NodeAnswer(HttpResponse<Body> response, boolean isHead, Runnable whenClosed) {
    this.response = response;
    this.isHead = isHead;
    this.whenClosed = whenClosed;
  }

  /** One of the two is not null. */
  @SuppressWarnings("ArrayRecordComponent") // it is read once and never compared
  record Body(byte @Nullable [] whole, @Nullable InputStream stream) {
    static Body whole(byte[] bytes) {
      return new Body(bytes, null);
    }

    static Body stream(InputStream stream) {
      return new Body(null, stream);
    }
  }

  int status() {
    return response.statusCode();
  }

  /** Whether the node asks for the same request again, later. */
  boolean saysRetryLater() {
    return response.headers().firstValue(HttpHeaders.RETRY_AFTER).isPresent();
  }

  /** For the gateway itself; the body of an answer that is not whole is left out. */
  Reply reply() {
    byte[] whole = response.body().whole();
    return new Reply(
        status(),
        response.headers().firstValue(HttpHeaders.RETRY_AFTER).orElse(null),
        whole == null ? "" : new String(whole, StandardCharsets.UTF_8));
  }

  boolean isWhole() {
    return response.body().whole() != null;
  }

  void copyHeaders(HttpHeaders to) {
    copyHeaders(response.headers().map(), to);
  }

  /** Those that a client gets. */
  static void copyHeaders(Map<String, List<String>> from, HttpHeaders to) {
    from.forEach(
        (name, values) -> {
          if (!LEFT_BEHIND.contains(name.toLowerCase(Locale.ROOT))) {
            to.addAll(name, values);
          }
        });
  }

  /**
   * Writes the body. A client that is gone is no failure.
   *
   * @throws IncompleteResponseException when the node is lost meanwhile
   */
  void writeBody(HttpServletResponse to) {
    try {
      write(to);
    } catch (IOException clientGone) {
      LOG.debug("client gone", clientGone);
    }
  }

  private void write(HttpServletResponse to) throws IOException {
    byte[] whole = response.body().whole();
    InputStream stream = response.body().stream();
    if (isHead) {
      response
          .headers()
          .firstValue(HttpHeaders.CONTENT_LENGTH)
          .ifPresent(length -> to.setHeader(HttpHeaders.CONTENT_LENGTH, length));
    } else if (whole != null) {
      if (whole.length > 0 || status() != HttpStatus.NO_CONTENT.value()) {
        to.setContentLength(whole.length);
      }
      to.getOutputStream().write(whole);
    } else if (stream != null) {
      copy(stream, to.getOutputStream());
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int read = next(from, buffer); read >= 0; read = next(from, buffer)) {
      to.write(buffer, 0, read);
      to.flush();
    }
  }

  private static int next(InputStream from, byte[] buffer) {
    try {
      return from.read(buffer);
    } catch (IOException lost) {
      LOG.warn("answer broken off cause=\"{}\"", lost.toString());
      // Not the cause itself: Spring would take it for a client that is gone, and end the answer.
      throw new IncompleteResponseException(new IllegalStateException("the node was lost"));
    }
  }

  /** Ends the node's part, also when its body was not read to the end. */
  @Override
  public void close() throws IOException {
    InputStream stream = response.body().stream();
    if (stream != null && !isClosed) {
      isClosed = true;
      try {
        stream.close();
      } finally {
        whenClosed.run();
      }
    }
  }
}
