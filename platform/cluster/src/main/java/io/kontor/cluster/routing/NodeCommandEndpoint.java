package io.kontor.cluster.routing;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Handles commands from other nodes on this node, without further routing, even if another node
 * owns the stream. Access is checked before.
 */
@RestController
public class NodeCommandEndpoint {
  static final String PATH = "/internal/commands";
  static final String CONTENT_TYPE = MediaType.APPLICATION_OCTET_STREAM_VALUE;

  private final CommandBus local;
  private final CommandMessageCodec wire;

  public NodeCommandEndpoint(CommandBus local, CommandMessageCodec wire) {
    this.local = local;
    this.wire = wire;
  }

  @PostMapping(path = PATH, consumes = CONTENT_TYPE, produces = CONTENT_TYPE)
  ResponseEntity<byte[]> decide(HttpServletRequest request) throws IOException {
    CommandMessage<Object> command = wire.command(request.getInputStream().readAllBytes());
    var decided = new FutureCallback<Object, Object>();
    local.dispatch(command, decided);
    CommandResultMessage<?> result = decided.getResult();
    if (!result.isExceptional()) {
      return ResponseEntity.ok(wire.result(result));
    }
    return switch (result.exceptionResult()) {
      case NoHandlerForCommandException _ -> status(HttpStatus.MISDIRECTED_REQUEST);
      case CommandExecutionException _ -> ResponseEntity.ok(wire.result(result));
      case ConcurrencyException _ -> status(HttpStatus.SERVICE_UNAVAILABLE);
      case RuntimeException failure -> throw failure;
      case Throwable failure -> throw new IllegalStateException(failure);
    };
  }

  private static ResponseEntity<byte[]> status(HttpStatus status) {
    return ResponseEntity.status(status).build();
  }
}
