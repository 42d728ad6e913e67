package io.kontor.command.payment.web;

import io.kontor.api.payment.PaymentCommand.RecordOutcome;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentResult;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.SendsCommands;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Receives the outcomes of payments from the clearing house. The tenant comes from the token: the
 * clearing house has one for each bank.
 */
@RestController
@Tag(name = "Clearing")
@SendsCommands
class ClearingNotificationController {
  /** A prefix that clients can't send, so a client's key never collides with a message's. */
  private static final String KEY = "clearing\u0001";

  private final CommandDispatcher commands;

  ClearingNotificationController(CommandDispatcher commands) {
    this.commands = commands;
  }

  @PostMapping("/v1/clearing/notifications")
  @Operation(
      operationId = "notifyOfPayment",
      summary = "Say what became of a payment, once per message id",
      description =
          "A call of the clearing house. The message id takes the place of the idempotency key.")
  @Answers(mayBeUnknown = true)
  ResponseEntity<PaymentResult> notified(
      @RequestBody PaymentRequests.Notification body, HttpServletRequest http) {
    var request = CommandRequest.of(http, body).under(KEY + body.messageId());
    var payment = new PaymentId(TenantContext.current(), body.reference());
    return commands
        .send(request, new RecordOutcome(payment, body.state(), body.reason()), PaymentResult.class)
        .ok();
  }
}
