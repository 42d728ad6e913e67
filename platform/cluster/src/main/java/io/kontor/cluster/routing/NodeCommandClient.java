package io.kontor.cluster.routing;

import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.tenancy.TenantId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Sends commands to other nodes over HTTP. */
public final class NodeCommandClient implements AutoCloseable {
  /** The request header that names the tenant whose cell handles the command. */
  private static final String CELL = "Kontor-Cell";

  private static final Duration TO_CONNECT = Duration.ofSeconds(1);

  /** The W3C trace context, in a command's metadata and in the request header. */
  private static final String TRACE_PARENT = "traceparent";

  /** The same timeout as a client of this node has. */
  private static final Duration TO_ANSWER = Duration.ofSeconds(30);

  /** Concurrent requests per node; with group commit, too few would share a flush to disk. */
  private static final int MOST_CONNECTIONS = 256;

  private final Map<URI, Semaphore> connections = new ConcurrentHashMap<>();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TO_CONNECT)
          .build();
  private final ClusterSecret secret;
  private final CommandMessageCodec codec;
  private final @Nullable TenantId cell;

  /**
   * @param cell the tenant whose cell sends the commands; null for the shared database
   */
  public NodeCommandClient(
      ClusterSecret secret, CommandMessageCodec codec, @Nullable TenantId cell) {
    this.secret = secret;
    this.codec = codec;
    this.cell = cell;
  }

  /** The node has not received the command, which may go to another one. */
  static final class NotReached extends Exception {
    NotReached(String why) {
      super(why, null, false, false);
    }
  }

  /** It is unknown whether the node has handled the command. */
  static final class Lost extends Exception {
    private final boolean peerMayLive;

    Lost(String why, boolean peerMayLive) {
      super(why, null, false, false);
      this.peerMayLive = peerMayLive;
    }

    /** Whether the node may be alive and only slow. */
    boolean peerMayLive() {
      return peerMayLive;
    }
  }

  /**
   * Sends a command to the node at {@code address} and returns its result.
   *
   * @throws StoreBusyException when that node can't take it now
   */
  <R> CommandResultMessage<R> ask(URI address, CommandMessage<?> command) throws NotReached, Lost {
    HttpResponse<byte[]> response = sendOneOfFew(address, command);
    return switch (response.statusCode()) {
      case 200 -> codec.result(response.body());
      case 503 -> throw new StoreBusyException("node %s is busy".formatted(address));
      case 401, 403, 404, 421 ->
          throw new NotReached("it answered %d".formatted(response.statusCode()));
      default ->
          throw new IllegalStateException(
              "node %s failed on %s with %d"
                  .formatted(address, command.getCommandName(), response.statusCode()));
    };
  }

  /** A pending request occupies a connection; the limit protects a slow node. */
  private HttpResponse<byte[]> sendOneOfFew(URI address, CommandMessage<?> command)
      throws NotReached, Lost {
    Semaphore free = connections.computeIfAbsent(address, peer -> new Semaphore(MOST_CONNECTIONS));
    try {
      if (!free.tryAcquire(TO_CONNECT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreBusyException("node %s has enough to do".formatted(address));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotReached("interrupted");
    }
    try {
      return send(address, command);
    } finally {
      free.release();
    }
  }

  private HttpResponse<byte[]> send(URI address, CommandMessage<?> command)
      throws NotReached, Lost {
    var request =
        HttpRequest.newBuilder(address.resolve(NodeCommandEndpoint.PATH))
            .timeout(TO_ANSWER)
            .header(ClusterSecret.HEADER, secret.value())
            .header("Content-Type", NodeCommandEndpoint.CONTENT_TYPE)
            .POST(BodyPublishers.ofByteArray(codec.command(command)));
    if (cell != null) {
      request.header(CELL, cell.value());
    }
    String correlation = MDC.get("correlation");
    if (correlation != null) {
      request.header("Kontor-Correlation-Id", correlation);
    }
    if (command.getMetaData().get(TRACE_PARENT) instanceof String parent) {
      request.header(TRACE_PARENT, parent);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (HttpConnectTimeoutException e) {
      // Overloaded, or dead: its heartbeat will show. Another owner would only cause conflicts.
      throw new StoreBusyException("node %s takes no connection".formatted(address));
    } catch (ConnectException e) {
      throw new NotReached("no connection");
    } catch (HttpTimeoutException e) {
      throw new Lost(String.valueOf(e.getMessage()), true);
    } catch (IOException e) {
      throw new Lost(String.valueOf(e.getMessage()), false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Lost("interrupted", true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
