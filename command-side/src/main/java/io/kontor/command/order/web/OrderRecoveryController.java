package io.kontor.command.order.web;

import io.kontor.api.order.OrderCommand.CompensateOrder;
import io.kontor.api.order.OrderCommand.RetryOrder;
import io.kontor.api.order.OrderResult;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.DecisionReason;
import io.kontor.command.http.PathIds;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.IfMatch;
import io.kontor.web.openapi.SendsCommands;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lets an operator recover a process that can't continue. The id is the order's. */
@RestController
@RequestMapping("/v1/admin/sagas/{id}")
@Tag(name = "Processes")
@SendsCommands
class OrderRecoveryController {
  private final CommandDispatcher commands;

  OrderRecoveryController(CommandDispatcher commands) {
    this.commands = commands;
  }

  @PostMapping("/retry")
  @Operation(
      operationId = "retryProcess",
      summary = "Try again what failed",
      description = "The id is the order's.")
  @Answers(
      value = HttpStatus.ACCEPTED,
      conflicts = {"nothing-to-resume"})
  @IfMatch
  ResponseEntity<OrderResult> retry(
      @PathVariable String id,
      @RequestBody(required = false) @Nullable DecisionReason body,
      HttpServletRequest http) {
    var command = new RetryOrder(PathIds.order(id), DecisionReason.of(body));
    return commands.send(CommandRequest.of(http, body), command, OrderResult.class).accepted();
  }

  @PostMapping("/compensate")
  @Operation(
      operationId = "compensateProcess",
      summary = "Undo everything",
      description =
          "What could not be undone counts as settled by the caller. The id is the order's.")
  @Answers(
      value = HttpStatus.ACCEPTED,
      conflicts = {"nothing-to-resume", "order-confirmed"})
  @IfMatch
  ResponseEntity<OrderResult> compensate(
      @PathVariable String id,
      @RequestBody(required = false) @Nullable DecisionReason body,
      HttpServletRequest http) {
    var command = new CompensateOrder(PathIds.order(id), DecisionReason.of(body));
    return commands.send(CommandRequest.of(http, body), command, OrderResult.class).accepted();
  }
}
