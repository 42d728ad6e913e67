package io.kontor.gateway.proxy;

import io.kontor.gateway.node.Node;
import io.kontor.gateway.node.NodeGroup;
import io.kontor.gateway.proxy.NodeConnection.Head;
import io.kontor.web.problem.IncompleteResponseException;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Streams of transfers: lines go to a node while its results come back. A stream that breaks off is
 * not repeated, as the gateway keeps none of it: its client sends those lines again that have no
 * result.
 */
final class LineStreams {
  private static final Logger LOG = LoggerFactory.getLogger(LineStreams.class);
  private static final int BUFFER = 16_384;

  private final Duration connectTimeout;
  private final Duration longestSilence;
  private final int attempts;

  /**
   * @param longestSilence for which a node may answer nothing
   */
  LineStreams(Duration connectTimeout, Duration longestSilence, int attempts) {
    this.connectTimeout = connectTimeout;
    this.longestSilence = longestSilence;
    this.attempts = attempts;
  }

  /**
   * @throws ProblemException when no node takes the stream
   */
  ServerResponse exchange(NodeGroup group, ForwardedRequest request, HttpServletRequest http)
      throws IOException {
    Set<Node> tried = new HashSet<>();
    for (int i = 0; i < attempts; i++) {
      Optional<Node> node = group.choose(tried);
      if (node.isPresent()) {
        tried.add(node.get());
        Optional<NodeConnection> connection = connect(node.get());
        if (connection.isPresent()) {
          return begun(new Stream(node.get(), connection.get(), http), request);
        }
      }
    }
    throw ProblemException.tryAgain(
        ProblemType.NODE_UNAVAILABLE, "no node took the stream; none of it was executed");
  }

  private Optional<NodeConnection> connect(Node node) {
    long begun = System.nanoTime();
    try {
      var connection = NodeConnection.open(node.url(), connectTimeout, longestSilence);
      node.answered(System.nanoTime() - begun);
      return Optional.of(connection);
    } catch (IOException unreached) {
      node.unreached(System.nanoTime() - begun, unreached);
      return Optional.empty();
    }
  }

  private static ServerResponse begun(Stream stream, ForwardedRequest request) {
    Head head;
    try {
      head = stream.begin(request);
    } catch (IOException lost) {
      stream.end();
      throw ProblemException.tryAgain(
          ProblemType.NODE_UNAVAILABLE,
          "the connection to the node was lost; send those lines again that have no result");
    }
    return new ClosingResponse(
        ServerResponse.status(head.status())
            .headers(to -> NodeAnswer.copyHeaders(head.headers(), to))
            .build(
                (client, response) -> {
                  stream.copy(head, response);
                  return null;
                }),
        stream::end);
  }

  /** One stream on its way, with a thread that passes on the client's lines. */
  private static final class Stream {
    private final Node node;
    private final NodeConnection connection;
    private final InputStream lines;
    private final Thread sending;

    Stream(Node node, NodeConnection connection, HttpServletRequest http) throws IOException {
      this.node = node;
      this.connection = connection;
      this.lines = http.getInputStream();
      this.sending = Thread.ofVirtual().name("lines-to-node").unstarted(this::send);
      node.begin();
    }

    Head begin(ForwardedRequest request) throws IOException {
      request.begin(connection, node.url());
      sending.start();
      return connection.head();
    }

    private void send() {
      try {
        connection.send(lines);
      } catch (IOException brokenOff) {
        LOG.debug("stream broken off", brokenOff);
        close();
      }
    }

    void copy(Head head, HttpServletResponse response) {
      try {
        InputStream results = connection.body(head);
        byte[] buffer = new byte[BUFFER];
        for (int read = next(results, buffer); read >= 0; read = next(results, buffer)) {
          write(response.getOutputStream(), buffer, read);
        }
      } catch (IOException clientGone) {
        LOG.debug("client gone", clientGone);
      }
    }

    private static void write(OutputStream to, byte[] buffer, int length) throws IOException {
      to.write(buffer, 0, length);
      to.flush();
    }

    private static int next(InputStream results, byte[] buffer) {
      try {
        return results.read(buffer);
      } catch (IOException lost) {
        LOG.warn("answer broken off cause=\"{}\"", lost.toString());
        throw new IncompleteResponseException(new IllegalStateException("the node was lost"));
      }
    }

    /** The thread reads from the request, which the container uses again afterwards. */
    void end() {
      close();
      node.end();
      sending.interrupt();
      boolean isInterrupted = false;
      while (sending.isAlive()) {
        try {
          sending.join();
        } catch (InterruptedException again) {
          isInterrupted = true;
        }
      }
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void close() {
      try {
        connection.close();
      } catch (IOException closed) {
        LOG.debug("connection closed", closed);
      }
    }
  }
}
