package io.kontor.command.account.web;

import static io.kontor.command.http.PathIds.account;

import io.kontor.api.account.AccountCommand.CaptureHold;
import io.kontor.api.account.AccountCommand.ChangeOverdraftLimit;
import io.kontor.api.account.AccountCommand.CloseAccount;
import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountCommand.Freeze;
import io.kontor.api.account.AccountCommand.OpenAccount;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountCommand.ReleaseHold;
import io.kontor.api.account.AccountCommand.Unfreeze;
import io.kontor.api.account.AccountCommand.Withdraw;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult.Balance;
import io.kontor.api.account.AccountResult.Changed;
import io.kontor.api.account.AccountResult.HoldPlaced;
import io.kontor.api.account.AccountResult.Opened;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.money.Money;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.PathIds;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantContext;
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
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The commands to accounts over HTTP. */
@RestController
@RequestMapping("/v1/accounts")
@Tag(name = "Accounts")
@SendsCommands
class AccountCommandController {
  private final CommandDispatcher commands;
  private final PersonalDataService personalData;

  AccountCommandController(CommandDispatcher commands, PersonalDataService personalData) {
    this.commands = commands;
    this.personalData = personalData;
  }

  @PostMapping
  @Operation(operationId = "openAccount", summary = "Open an account")
  @Answers(value = HttpStatus.CREATED, location = true)
  ResponseEntity<Opened> open(@RequestBody AccountRequests.Open body, HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var currency = Money.currencyOf(body.currency());
    var limit = body.overdraftLimit() == null ? Money.zero(currency) : body.overdraftLimit();
    var id = new AccountId(TenantContext.current(), IdGenerator.next());
    var owner = personalData.sealName(body.customer(), body.owner());
    var command = new OpenAccount(id, body.customer(), owner, currency, limit);
    var opened = commands.send(request, command, Opened.class);
    return opened.created("/v1/accounts/" + opened.answer().id());
  }

  @PostMapping("/{id}/deposits")
  @Operation(operationId = "deposit", summary = "Book money in")
  @Answers(
      rejections = {
        "account-frozen",
        "account-closed",
        "currency-mismatch",
        "balance-out-of-range"
      })
  @MovesMoney
  @IfMatch
  ResponseEntity<Balance> deposit(
      @PathVariable String id, @RequestBody AccountRequests.Deposit body, HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var command = new Deposit(account(id), IdGenerator.next(), body.amount(), body.reference());
    return commands.send(request, command, Balance.class).ok();
  }

  @PostMapping("/{id}/withdrawals")
  @Operation(operationId = "withdraw", summary = "Book money out")
  @Answers(
      rejections = {"insufficient-funds", "account-frozen", "account-closed", "currency-mismatch"})
  @MovesMoney
  @IfMatch
  ResponseEntity<Balance> withdraw(
      @PathVariable String id,
      @RequestBody AccountRequests.Withdrawal body,
      HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var command = new Withdraw(account(id), IdGenerator.next(), body.amount(), body.reference());
    return commands.send(request, command, Balance.class).ok();
  }

  @PostMapping("/{id}/holds")
  @Operation(
      operationId = "placeHold",
      summary = "Set money aside",
      description = "It is rejected with hold-expired when expiresAt has passed already.")
  @Answers(
      value = HttpStatus.CREATED,
      rejections = {
        "insufficient-funds",
        "account-frozen",
        "account-closed",
        "currency-mismatch",
        "hold-expired"
      })
  @MovesMoney
  @IfMatch
  ResponseEntity<HoldPlaced> placeHold(
      @PathVariable String id, @RequestBody AccountRequests.Hold body, HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var command =
        new PlaceHold(
            account(id), IdGenerator.next(), body.amount(), body.reference(), body.expiresAt());
    return commands.send(request, command, HoldPlaced.class).created();
  }

  @PostMapping("/{id}/holds/{hold}/capture")
  @Operation(
      operationId = "captureHold",
      summary = "Book held money out; the rest is released",
      description =
          "Without an amount, all of it. From expiresAt on it is rejected with hold-not-active.")
  @Answers(
      rejections = {
        "hold-not-active",
        "capture-exceeds-hold",
        "account-frozen",
        "account-closed",
        "currency-mismatch",
        "reference-too-old"
      })
  @MovesMoney
  @IfMatch
  ResponseEntity<Balance> captureHold(
      @PathVariable String id,
      @PathVariable String hold,
      @RequestBody(required = false) AccountRequests.@Nullable Capture body,
      HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var amount = body == null ? null : body.amount();
    var command = new CaptureHold(account(id), PathIds.hold(hold), IdGenerator.next(), amount);
    return commands.send(request, command, Balance.class).ok();
  }

  @PostMapping("/{id}/holds/{hold}/release")
  @Operation(operationId = "releaseHold", summary = "Let go of held money")
  @Answers(rejections = {"hold-not-active", "account-closed"})
  @IfMatch
  ResponseEntity<Balance> releaseHold(
      @PathVariable String id, @PathVariable String hold, HttpServletRequest http) {
    var request = CommandRequest.of(http, null);
    var command = new ReleaseHold(account(id), PathIds.hold(hold), HoldReleaseReason.REQUESTED);
    return commands.send(request, command, Balance.class).ok();
  }

  @PostMapping("/{id}/freeze")
  @Operation(operationId = "freezeAccount", summary = "Stop every movement of money")
  @Answers(rejections = {"account-closed"})
  @IfMatch
  ResponseEntity<Changed> freeze(
      @PathVariable String id, @RequestBody AccountRequests.Reason body, HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var command = new Freeze(account(id), body.reason());
    return commands.send(request, command, Changed.class).ok();
  }

  @PostMapping("/{id}/unfreeze")
  @Operation(operationId = "unfreezeAccount", summary = "Let money move again")
  @Answers(rejections = {"account-closed"})
  @IfMatch
  ResponseEntity<Changed> unfreeze(
      @PathVariable String id, @RequestBody AccountRequests.Reason body, HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var command = new Unfreeze(account(id), body.reason());
    return commands.send(request, command, Changed.class).ok();
  }

  @PutMapping("/{id}/overdraft-limit")
  @Operation(
      operationId = "changeOverdraftLimit",
      summary = "Set how far below zero the account may go")
  @Answers(
      rejections = {
        "insufficient-funds",
        "account-closed",
        "currency-mismatch",
        "balance-out-of-range"
      })
  @IfMatch
  ResponseEntity<Balance> changeOverdraftLimit(
      @PathVariable String id,
      @RequestBody AccountRequests.OverdraftLimit body,
      HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var command = new ChangeOverdraftLimit(account(id), body.overdraftLimit());
    return commands.send(request, command, Balance.class).ok();
  }

  @PostMapping("/{id}/close")
  @Operation(operationId = "closeAccount", summary = "Close an empty account for good")
  @Answers(rejections = {"account-not-empty", "account-frozen"})
  @IfMatch
  ResponseEntity<Changed> close(@PathVariable String id, HttpServletRequest http) {
    var request = CommandRequest.of(http, null);
    return commands.send(request, new CloseAccount(account(id)), Changed.class).ok();
  }
}
