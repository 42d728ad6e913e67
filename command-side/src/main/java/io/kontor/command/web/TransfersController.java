package io.kontor.command.web;

import io.kontor.api.Ids;
import io.kontor.api.account.AccountId;
import io.kontor.api.transfer.Transfer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Transfers inside the bank: booked at once, both legs or neither. */
@RestController
@RequestMapping(TransfersController.PATH)
@Tag(name = "Transfers")
class TransfersController {
  static final String PATH = "/v1/transfers";

  private final Commands commands;
  private final BulkTransfers bulk;

  TransfersController(Commands commands) {
    this.commands = commands;
    this.bulk = new BulkTransfers(commands);
  }

  @PostMapping
  @Operation(summary = "Move money between two accounts")
  ResponseEntity<Transfer.Booked> transfer(
      @RequestBody TransferBodies.Single body, HttpServletRequest http) {
    var request = Request.movingMoney(http, body);
    var booked = commands.send(request, command(body, request.origin()), Transfer.Booked.class);
    return booked.created(PATH + "/" + booked.answer().id());
  }

  @PostMapping("/bulk")
  @Operation(summary = "Up to 1,000 transfers, each of which succeeds or fails alone")
  ResponseEntity<TransferBodies.BulkAnswer> transferAll(
      @RequestBody TransferBodies.Bulk body, HttpServletRequest http) {
    return bulk.send(Request.movingMoney(http, body), body.transfers()).ok();
  }

  /** A customer's transfer says whose it is, and the account decides whether it is theirs. */
  static Transfer command(TransferBodies.Single body, Origin origin) {
    return new Transfer(
        Ids.next(),
        Ids.next(),
        new AccountId(origin.tenant(), body.from()),
        new AccountId(origin.tenant(), body.to()),
        body.amount(),
        body.reference(),
        origin.caller().asCustomer());
  }
}
