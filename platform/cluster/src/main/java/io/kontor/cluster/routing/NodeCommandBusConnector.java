package io.kontor.cluster.routing;

import static org.axonframework.commandhandling.GenericCommandResultMessage.asCommandResultMessage;

import io.kontor.cluster.routing.NodeCommandClient.Lost;
import io.kontor.cluster.routing.NodeCommandClient.NotReached;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.distributed.CommandBusConnector;
import org.axonframework.commandhandling.distributed.CommandRouter;
import org.axonframework.commandhandling.distributed.Member;
import org.axonframework.common.Registration;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a command to the node that handles it: this one directly, another one over HTTP. If it did
 * not reach that node, it goes to the next. If it may have been handled, it is retried only with an
 * idempotency key, which prevents a duplicate; without one, the caller gets an unknown outcome.
 */
public final class NodeCommandBusConnector implements CommandBusConnector {
  private static final Logger log = LoggerFactory.getLogger(NodeCommandBusConnector.class);
  private static final int MOST_NODES = 3;
  private static final List<String> OUTCOMES = List.of("answered", "unreached", "lost", "failed");

  private final CommandBus local;
  private final CommandRouter router;
  private final NodeCommandClient nodes;
  private final MeterRegistry meters;

  public NodeCommandBusConnector(
      CommandBus local, CommandRouter router, NodeCommandClient nodes, MeterRegistry meters) {
    this.local = local;
    this.router = router;
    this.nodes = nodes;
    this.meters = meters;
    // Registered at the start, so that the first increment is visible as a change.
    OUTCOMES.forEach(this::counter);
  }

  @Override
  public <C> void send(Member destination, CommandMessage<? extends C> command) {
    send(destination, command, (sent, result) -> {});
  }

  @Override
  public <C, R> void send(
      Member destination, CommandMessage<C> command, CommandCallback<? super C, R> callback) {
    Member member = destination;
    for (int tried = 1; !member.local(); tried++) {
      Optional<CommandResultMessage<R>> result = sendToNode(member, command);
      if (result.isPresent()) {
        callback.onResult(command, result.get());
        return;
      }
      Optional<Member> next = router.findDestination(command);
      if (next.isEmpty() || tried == MOST_NODES) {
        callback.onResult(command, asCommandResultMessage(noNode()));
        return;
      }
      member = next.get();
    }
    local.dispatch(command, callback);
  }

  /** The result from that node; empty when another node has to be tried. */
  private <R> Optional<CommandResultMessage<R>> sendToNode(
      Member member, CommandMessage<?> command) {
    URI address = member.getConnectionEndpoint(URI.class).orElseThrow();
    try {
      CommandResultMessage<R> result = nodes.ask(address, command);
      count("answered");
      return Optional.of(result);
    } catch (NotReached e) {
      count("unreached");
      log.warn("command not delivered node={} cause={}", address, e.getMessage());
      member.suspect();
      return Optional.empty();
    } catch (Lost e) {
      count("lost");
      log.warn("command in doubt node={} cause={}", address, e.getMessage());
      if (!e.peerMayLive()) {
        member.suspect();
      }
      return isDoneOnce(command) && !e.peerMayLive()
          ? Optional.empty()
          : Optional.of(asCommandResultMessage(outcomeUnknown()));
    } catch (RuntimeException failure) {
      count("failed");
      return Optional.of(asCommandResultMessage(failure));
    }
  }

  private void count(String outcome) {
    counter(outcome).increment();
  }

  private Counter counter(String outcome) {
    return meters.counter("kontor.cluster.forwarded", "outcome", outcome);
  }

  private static boolean isDoneOnce(CommandMessage<?> command) {
    return command.getMetaData().containsKey(IdempotencyRecords.IDEMPOTENCY_KEY);
  }

  private static RuntimeException noNode() {
    return new StoreBusyException("no node that decides can be reached");
  }

  private static RuntimeException outcomeUnknown() {
    return new StoreBusyException("the node was lost that may have decided the command");
  }

  @Override
  public Registration subscribe(
      String commandName, MessageHandler<? super CommandMessage<?>> handler) {
    return local.subscribe(commandName, handler);
  }

  @Override
  public Registration registerHandlerInterceptor(
      MessageHandlerInterceptor<? super CommandMessage<?>> interceptor) {
    return local.registerHandlerInterceptor(interceptor);
  }

  @Override
  public Optional<CommandBus> localSegment() {
    return Optional.of(local);
  }
}
