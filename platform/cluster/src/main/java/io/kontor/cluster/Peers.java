package io.kontor.cluster;

import io.kontor.eventstore.StoreBusyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.slf4j.MDC;

/** Other nodes, over HTTP. */
final class Peers implements AutoCloseable {
  private static final Duration TO_CONNECT = Duration.ofSeconds(1);

  /** The W3C trace context, in a command's metadata and in a request's header. */
  private static final String TRACE_PARENT = "traceparent";

  /** As long as a client of this node would wait. */
  private static final Duration TO_ANSWER = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TO_CONNECT)
          .build();
  private final ClusterSecret secret;
  private final Wire wire;

  Peers(ClusterSecret secret, Wire wire) {
    this.secret = secret;
    this.wire = wire;
  }

  /** The command has not been begun there, and may safely go elsewhere. */
  static final class NotReached extends Exception {
    NotReached(String why) {
      super(why, null, false, false);
    }
  }

  /** Nobody knows whether the command has been done there. */
  static final class Lost extends Exception {
    Lost(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * Has a command decided by the node at {@code address}.
   *
   * @throws StoreBusyException when that node can't take it now
   */
  <R> CommandResultMessage<R> ask(URI address, CommandMessage<?> command) throws NotReached, Lost {
    HttpResponse<byte[]> response = send(address, command);
    return switch (response.statusCode()) {
      case 200 -> wire.result(response.body());
      case 503 -> throw new StoreBusyException("node %s is busy".formatted(address));
      case 401, 403, 404, 421 ->
          throw new NotReached("it answered %d".formatted(response.statusCode()));
      default ->
          throw new IllegalStateException(
              "node %s failed on %s with %d"
                  .formatted(address, command.getCommandName(), response.statusCode()));
    };
  }

  private HttpResponse<byte[]> send(URI address, CommandMessage<?> command)
      throws NotReached, Lost {
    var request =
        HttpRequest.newBuilder(address.resolve(NodeEndpoint.PATH))
            .timeout(TO_ANSWER)
            .header(ClusterSecret.HEADER, secret.value())
            .header("Content-Type", NodeEndpoint.CONTENT_TYPE)
            .POST(BodyPublishers.ofByteArray(wire.command(command)));
    String correlation = MDC.get("correlation");
    if (correlation != null) {
      request.header("Kontor-Correlation-Id", correlation);
    }
    if (command.getMetaData().get(TRACE_PARENT) instanceof String parent) {
      request.header(TRACE_PARENT, parent);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new NotReached("no connection");
    } catch (IOException e) {
      throw new Lost(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Lost("interrupted");
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
