package io.kontor.cluster.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kontor.eventstore.event.StoreFailureReason;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.commandhandling.distributed.CommandMessageFilter;
import org.axonframework.commandhandling.distributed.CommandRouter;
import org.axonframework.commandhandling.distributed.Member;
import org.axonframework.commandhandling.distributed.SimpleMember;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

/** Commands to a node that fails or does not respond properly. */
@Tag("fast")
class NodeCommandBusConnectorTest {
  private static final String SECRET = "the nodes of this test know each other";

  private final CommandMessageCodec wire =
      new CommandMessageCodec(Jackson3Serializer.builder().build());
  private final SimpleCommandBus local = SimpleCommandBus.builder().build();
  private final List<Object> decidedHere = new CopyOnWriteArrayList<>();
  private final List<String> suspected = new CopyOnWriteArrayList<>();
  private final List<HttpServer> servers = new ArrayList<>();

  record Count(String counter, int by) {}

  record TooMuch(int most) {}

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  @Test
  void anAnswerComesBackWithWhatItTells() throws Exception {
    Member peer =
        peer(
            exchange -> {
              CommandMessage<Object> command =
                  wire.command(exchange.getRequestBody().readAllBytes());
              assertThat(exchange.getRequestHeaders().getFirst(ClusterSecret.HEADER))
                  .isEqualTo(SECRET);
              assertThat(command.getPayload()).isEqualTo(new Count("a", 2));
              assertThat(command.getMetaData()).containsEntry("tenant", "acme");
              answer(
                  exchange,
                  new GenericCommandResultMessage<>(
                      "done", Map.of(IdempotencyRecords.POSITION, 42L)));
            });
    CommandResultMessage<?> result = send(Map.of("tenant", "acme"), peer);
    assertThat(result.getPayload()).isEqualTo("done");
    assertThat(result.getMetaData().get(IdempotencyRecords.POSITION)).isEqualTo(42);
    assertThat(decidedHere).isEmpty();
  }

  @Test
  void aRefusalComesBackWithItsReason() throws Exception {
    Member peer =
        peer(
            exchange ->
                answer(
                    exchange,
                    new GenericCommandResultMessage<>(
                        new CommandExecutionException("no", null, new TooMuch(5)))));
    CommandResultMessage<?> result = send(Map.of(), peer);
    assertThat(result.isExceptional()).isTrue();
    assertThat(result.<Object>exceptionDetails()).contains(new TooMuch(5));
    assertThat(result.exceptionResult())
        .isInstanceOf(CommandExecutionException.class)
        .hasMessage("no");
  }

  @Test
  void aCommandThatWasNotBegunElsewhereGoesToTheNextNode() throws Exception {
    Member unreachable = member("nobody", URI.create("http://127.0.0.1:1"));
    Member stranger = peer(exchange -> status(exchange, 403));
    CommandResultMessage<?> result = send(Map.of(), unreachable, stranger, here());
    assertThat(result.getPayload()).isEqualTo("here");
    assertThat(decidedHere).hasSize(1);
    assertThat(suspected).containsExactly("nobody", "peer");
  }

  @Test
  void noMoreThanThreeNodesAreTried() throws Exception {
    Member unreachable = member("nobody", URI.create("http://127.0.0.1:1"));
    CommandResultMessage<?> result = send(Map.of(), unreachable, unreachable, unreachable, here());
    assertThat(StoreFailureReason.of(result.exceptionResult())).contains(StoreFailureReason.BUSY);
    assertThat(decidedHere).isEmpty();
  }

  @Test
  void aCommandThatWasLostOnTheWayIsNotDoneAgain() throws Exception {
    CommandResultMessage<?> result =
        send(Map.of(), peer(NodeCommandBusConnectorTest::hangUp), here());
    assertThat(StoreFailureReason.of(result.exceptionResult())).contains(StoreFailureReason.BUSY);
    assertThat(decidedHere).isEmpty();
    assertThat(suspected).containsExactly("peer");
  }

  @Test
  void aCommandThatWasLostOnTheWayIsSentAgainUnderItsKey() throws Exception {
    CommandResultMessage<?> result =
        send(
            Map.of(IdempotencyRecords.IDEMPOTENCY_KEY, "k"),
            peer(NodeCommandBusConnectorTest::hangUp),
            here());
    assertThat(result.getPayload()).isEqualTo("here");
    assertThat(decidedHere).hasSize(1);
  }

  @Test
  void aBusyNodeIsNotBypassed() throws Exception {
    CommandResultMessage<?> result =
        send(
            Map.of(IdempotencyRecords.IDEMPOTENCY_KEY, "k"),
            peer(exchange -> status(exchange, 503)),
            here());
    assertThat(StoreFailureReason.of(result.exceptionResult())).contains(StoreFailureReason.BUSY);
    assertThat(decidedHere).isEmpty();
    assertThat(suspected).isEmpty();
  }

  /** Suspecting an overloaded node would give its streams a second owner, and cause conflicts. */
  @Test
  void aNodeThatTakesNoConnectionNowIsBusyAndNotSuspected() throws Exception {
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> queue = new ArrayList<>();
      try {
        fill(full, queue);
        Member peer = member("peer", URI.create("http://127.0.0.1:" + full.getLocalPort()));
        CommandResultMessage<?> result =
            send(Map.of(IdempotencyRecords.IDEMPOTENCY_KEY, "k"), peer, here());
        assertThat(StoreFailureReason.of(result.exceptionResult()))
            .contains(StoreFailureReason.BUSY);
        assertThat(decidedHere).isEmpty();
        assertThat(suspected).isEmpty();
      } finally {
        for (Socket waiting : queue) {
          waiting.close();
        }
      }
    }
  }

  /** Opens connections until none is accepted any more. */
  private static void fill(ServerSocket full, List<Socket> queue) throws IOException {
    for (int waiting = 0; waiting < 100; waiting++) {
      var socket = new Socket();
      queue.add(socket);
      try {
        socket.connect(full.getLocalSocketAddress(), 300);
      } catch (SocketTimeoutException queueIsFull) {
        return;
      }
    }
    throw new AssertionError("the queue is never full");
  }

  /** Sends a command to the first member; the others are the owners after it. */
  private CommandResultMessage<?> send(Map<String, ?> metaData, Member first, Member... next)
      throws Exception {
    Deque<Member> owners = new ArrayDeque<>(List.of(next));
    var router =
        new CommandRouter() {
          @Override
          public Optional<Member> findDestination(CommandMessage<?> message) {
            return Optional.ofNullable(owners.poll());
          }

          @Override
          public void updateMembership(int loadFactor, CommandMessageFilter commandFilter) {}
        };
    var environment = new MockEnvironment().withProperty(ClusterSecret.PROPERTY, SECRET);
    local.subscribe(
        Count.class.getName(),
        command -> {
          decidedHere.add(command.getPayload());
          return "here";
        });
    try (var peers = new NodeCommandClient(ClusterSecret.of(environment), wire, null)) {
      var connector = new NodeCommandBusConnector(local, router, peers, new SimpleMeterRegistry());
      var result = new FutureCallback<Count, Object>();
      connector.send(first, new GenericCommandMessage<>(new Count("a", 2), metaData), result);
      return result.getResult();
    }
  }

  private Member peer(Handling handling) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        NodeCommandEndpoint.PATH,
        exchange -> {
          try (exchange) {
            handling.handle(exchange);
          }
        });
    server.start();
    servers.add(server);
    return member("peer", URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  private Member member(String name, URI address) {
    return new SimpleMember<>(name, address, false, member -> suspected.add(member.name()));
  }

  private static Member here() {
    return new SimpleMember<>("here", URI.create("http://here"), true, null);
  }

  private void answer(HttpExchange exchange, CommandResultMessage<?> result) throws IOException {
    byte[] bytes = wire.result(result);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  /** Reads the command and closes the connection without a response. */
  private static void hangUp(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
  }

  private interface Handling {
    void handle(HttpExchange exchange) throws IOException;
  }
}
