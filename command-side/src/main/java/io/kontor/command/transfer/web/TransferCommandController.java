package io.kontor.command.transfer.web;

import io.kontor.api.account.AccountId;
import io.kontor.api.transfer.TransferMoney;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.RequestContext;
import io.kontor.limits.RequestCost;
import io.kontor.tenancy.IdGenerator;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.IfMatch;
import io.kontor.web.openapi.MovesMoney;
import io.kontor.web.openapi.SendsCommands;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Transfers inside the bank: both legs are booked at once, or neither. */
@RestController
@RequestMapping(TransferCommandController.PATH)
@Tag(name = "Transfers")
@SendsCommands
class TransferCommandController {
  static final String PATH = "/v1/transfers";

  private final CommandDispatcher commands;
  private final BulkTransferService bulk;
  private final TransferStreamService streams;

  TransferCommandController(CommandDispatcher commands, JsonMapper json) {
    this.commands = commands;
    this.bulk = new BulkTransferService(commands);
    this.streams = new TransferStreamService(commands, json);
  }

  @PostMapping
  @Operation(
      operationId = "transfer",
      summary = "Move money between two accounts",
      description = "Both sides are booked, or neither.")
  @Answers(
      value = HttpStatus.CREATED,
      location = true,
      mayBeUnknown = true,
      rejections = {
        "insufficient-funds",
        "same-account",
        "account-frozen",
        "account-closed",
        "currency-mismatch",
        "balance-out-of-range"
      })
  @MovesMoney
  @IfMatch
  ResponseEntity<TransferMoney.Booked> transfer(
      @RequestBody TransferRequests.Single body, HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var booked =
        commands.send(request, command(body, request.origin()), TransferMoney.Booked.class);
    return booked.created(PATH + "/" + booked.answer().id());
  }

  @PostMapping("/bulk")
  @Operation(
      operationId = "transferInBulk",
      summary = "Up to 1,000 transfers, each of which succeeds or fails alone",
      description =
          """
          One result for each, in order: what it would be answered on its own.

          Sent and answered as `application/x-ndjson`, it is a stream of up to 1,000,000 transfers:
          a line each way for each transfer. There each line has its `idempotencyKey`, and the
          header `Idempotency-Key` is not needed.

          Each transfer counts as one request for the limits of the user and the tenant.
          """)
  @Answers(limits = "too-many-streams")
  @MovesMoney
  ResponseEntity<TransferRequests.BulkAnswer> transferAll(
      @RequestBody TransferRequests.Bulk body, HttpServletRequest http) {
    RequestCost.of(http).add(Math.max(0, body.transfers().size() - 1));
    return bulk.send(CommandRequest.movingMoney(http, body), body.transfers()).ok();
  }

  /** Described with the bulk in one piece, which it shares its path with. */
  @PostMapping(
      path = "/bulk",
      consumes = MediaType.APPLICATION_NDJSON_VALUE,
      produces = MediaType.APPLICATION_NDJSON_VALUE)
  @Operation(hidden = true)
  void transferStream(HttpServletRequest http, HttpServletResponse response) throws IOException {
    RequestContext origin = CommandRequest.of(http, null).origin();
    response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
    streams.run(origin, RequestCost.of(http), http.getInputStream(), response.getOutputStream());
  }

  /** Carries the customer, if one asks; the account checks the ownership. */
  static TransferMoney command(TransferRequests.Single body, RequestContext origin) {
    return new TransferMoney(
        IdGenerator.next(),
        IdGenerator.next(),
        new AccountId(origin.tenant(), body.from()),
        new AccountId(origin.tenant(), body.to()),
        body.amount(),
        body.reference(),
        origin.caller().asCustomer());
  }
}
