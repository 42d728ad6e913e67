package io.kontor.command.transfer.web;

import io.kontor.api.account.AccountId;
import io.kontor.api.transfer.TransferMoney;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.RequestContext;
import io.kontor.tenancy.IdGenerator;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.IfMatch;
import io.kontor.web.openapi.MovesMoney;
import io.kontor.web.openapi.SendsCommands;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Transfers inside the bank: both legs are booked at once, or neither. */
@RestController
@RequestMapping(TransferCommandController.PATH)
@Tag(name = "Transfers")
@SendsCommands
class TransferCommandController {
  static final String PATH = "/v1/transfers";

  private final CommandDispatcher commands;
  private final BulkTransferService bulk;

  TransferCommandController(CommandDispatcher commands) {
    this.commands = commands;
    this.bulk = new BulkTransferService(commands);
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
      description = "One result for each, in order: what it would be answered on its own.")
  @MovesMoney
  ResponseEntity<TransferRequests.BulkAnswer> transferAll(
      @RequestBody TransferRequests.Bulk body, HttpServletRequest http) {
    return bulk.send(CommandRequest.movingMoney(http, body), body.transfers()).ok();
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
