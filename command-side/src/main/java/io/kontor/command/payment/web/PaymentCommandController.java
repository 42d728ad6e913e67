package io.kontor.command.payment.web;

import io.kontor.api.account.AccountCommand.ShowOwner;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult.Owner;
import io.kontor.api.payment.PaymentCommand.RequestPayment;
import io.kontor.api.payment.PaymentCommand.ResolvePayment;
import io.kontor.api.payment.PaymentCommand.RetryPayment;
import io.kontor.api.payment.PaymentDetails;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentQuery.FindPayment;
import io.kontor.api.payment.PaymentQuery.FindPaymentsAtRest;
import io.kontor.api.payment.PaymentResult;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.command.http.Awaited;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.DecisionReason;
import io.kontor.command.http.PathIds;
import io.kontor.command.http.PreferHeader;
import io.kontor.command.http.PreferWaitResponder;
import io.kontor.command.http.RequestContext;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.tenancy.IdGenerator;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.IfMatch;
import io.kontor.web.openapi.MovesMoney;
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
import tools.jackson.databind.json.JsonMapper;

/** Payments to other banks: accepted at once, later settled, rejected or returned. */
@RestController
@RequestMapping(PaymentCommandController.PATH)
@Tag(name = "Payments")
@SendsCommands
class PaymentCommandController {
  static final String PATH = "/v1/payments";

  private static final Awaited<PaymentDetails> END =
      new Awaited<>(
          PATH,
          PaymentDetails.class,
          payment -> payment.status().isAtRest(),
          FindPayment::new,
          FindPaymentsAtRest::new);

  private final CommandDispatcher commands;
  private final PreferWaitResponder outcomes;
  private final PersonalDataService personalData;
  private final JsonMapper json;

  PaymentCommandController(
      CommandDispatcher commands,
      PreferWaitResponder outcomes,
      PersonalDataService personalData,
      JsonMapper json) {
    this.commands = commands;
    this.outcomes = outcomes;
    this.personalData = personalData;
    this.json = json;
  }

  @PostMapping
  @Operation(
      operationId = "requestPayment",
      summary = "Pay to another bank",
      description = "Accepted at once; later it is settled, rejected or returned.")
  @Answers(
      value = HttpStatus.ACCEPTED,
      location = true,
      body = PaymentResult.class,
      outcome = PaymentDetails.class,
      mayBeUnknown = true,
      rejections = {"currency-mismatch"})
  @MovesMoney
  ResponseEntity<?> pay(@RequestBody PaymentRequests.Payment body, HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var requested =
        commands.prepared(request, () -> command(body, request.origin()), PaymentResult.class);
    return outcomes.answer(
        requested,
        requested.answer().id(),
        END,
        PreferHeader.of(http),
        request.origin().caller().asCustomer());
  }

  @PostMapping("/{id}/retry")
  @Operation(
      operationId = "retryPayment",
      summary = "Try again what a payment that waits for a person could not do")
  @Answers(
      value = HttpStatus.ACCEPTED,
      conflicts = {"payment-not-waiting"})
  @IfMatch
  ResponseEntity<PaymentResult> retry(
      @PathVariable String id,
      @RequestBody(required = false) @Nullable DecisionReason body,
      HttpServletRequest http) {
    var command = new RetryPayment(PathIds.payment(id), DecisionReason.of(body));
    return commands.send(CommandRequest.of(http, body), command, PaymentResult.class).accepted();
  }

  @PostMapping("/{id}/resolve")
  @Operation(
      operationId = "resolvePayment",
      summary = "Say what became of a payment that waits for a person")
  @Answers(
      value = HttpStatus.ACCEPTED,
      conflicts = {"payment-not-waiting"})
  @IfMatch
  ResponseEntity<PaymentResult> resolve(
      @PathVariable String id,
      @RequestBody PaymentRequests.Resolution body,
      HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var command = new ResolvePayment(PathIds.payment(id), body.outcome(), body.reason());
    return commands.send(request, command, PaymentResult.class).accepted();
  }

  /** Adds the account's owner and currency, by which the payment decides. */
  private RequestPayment command(PaymentRequests.Payment body, RequestContext origin) {
    var account = new AccountId(origin.tenant(), body.from());
    var owner =
        commands.ask(origin, new ShowOwner(account, origin.caller().asCustomer()), Owner.class);
    var creditor = personalData.seal(owner.customer(), json.writeValueAsString(body.creditor()));
    return new RequestPayment(
        new PaymentId(origin.tenant(), IdGenerator.next()),
        owner.customer(),
        owner.currency(),
        new PaymentTerms(
            account,
            body.amount(),
            creditor,
            body.reference(),
            IdGenerator.next(),
            IdGenerator.next(),
            IdGenerator.next()));
  }
}
