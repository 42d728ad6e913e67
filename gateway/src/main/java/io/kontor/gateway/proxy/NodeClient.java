package io.kontor.gateway.proxy;

import io.kontor.gateway.node.Node;
import io.kontor.gateway.proxy.NodeAnswer.Body;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/** Sends one request to one node, once, and records with the node what came of it. */
final class NodeClient {
  /**
   * Answers up to this size are read before any of it is passed on, so a lost one can be repeated.
   */
  private static final long LARGEST_WHOLE = 1_048_576;

  private final HttpClient http;
  private final Duration longestSilence;

  /**
   * @param longestSilence for which nothing of a longer answer may come
   */
  NodeClient(HttpClient http, Duration longestSilence) {
    this.http = http;
    this.longestSilence = longestSilence;
  }

  /**
   * @param timeout until the answer is there, whole where it is small
   * @throws ConnectException when the node took no connection, so the request was not sent; so is a
   *     {@link HttpConnectTimeoutException}
   * @throws HttpTimeoutException when no answer came in time
   * @throws IOException when the connection was lost
   */
  NodeAnswer send(Node node, ForwardedRequest request, Duration timeout)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    HttpRequest prepared = request.to(node.url(), timeout);
    node.begin();
    boolean isStreaming = false;
    try {
      HttpResponse<Body> response =
          http.send(prepared, head -> body(head, timeout.minusNanos(System.nanoTime() - begun)));
      node.answered(System.nanoTime() - begun);
      var answer = new NodeAnswer(response, request.isHead(), node::end);
      isStreaming = !answer.isWhole();
      return answer;
    } catch (ConnectException | HttpConnectTimeoutException unreached) {
      node.unreached(System.nanoTime() - begun, unreached);
      throw unreached;
    } catch (IOException lost) {
      node.lost(System.nanoTime() - begun, lost);
      throw lost;
    } finally {
      if (!isStreaming) {
        node.end();
      }
    }
  }

  private BodySubscriber<Body> body(ResponseInfo head, Duration left) {
    long length = head.headers().firstValueAsLong(HttpHeaders.CONTENT_LENGTH).orElse(-1);
    return length >= 0 && length <= LARGEST_WHOLE
        ? BodySubscribers.mapping(
            new TimeLimitedBody<>(BodySubscribers.ofByteArray(), left), Body::whole)
        : BodySubscribers.mapping(
            BodySubscribers.ofInputStream(),
            stream -> Body.stream(new SilenceLimitedStream(stream, longestSilence)));
  }
}
