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
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
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
class AccountCommandController {
  private final CommandDispatcher commands;
  private final PersonalDataService personalData;

  AccountCommandController(CommandDispatcher commands, PersonalDataService personalData) {
    this.commands = commands;
    this.personalData = personalData;
  }

  @PostMapping
  @Operation(summary = "Open an account")
  ResponseEntity<Opened> open(@RequestBody AccountRequests.Open body, HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var currency = Money.currencyOf(body.currency());
    var limit = body.overdraftLimit() == null ? Money.zero(currency) : body.overdraftLimit();
    var id = new AccountId(TenantContext.current(), IdGenerator.next());
    var owner = personalData.seal(body.customer(), body.owner());
    var command = new OpenAccount(id, body.customer(), owner, currency, limit);
    var opened = commands.send(request, command, Opened.class);
    return opened.created("/v1/accounts/" + opened.answer().id());
  }

  @PostMapping("/{id}/deposits")
  @Operation(summary = "Book money in")
  ResponseEntity<Balance> deposit(
      @PathVariable String id, @RequestBody AccountRequests.Deposit body, HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var command = new Deposit(account(id), IdGenerator.next(), body.amount(), body.reference());
    return commands.send(request, command, Balance.class).ok();
  }

  @PostMapping("/{id}/withdrawals")
  @Operation(summary = "Book money out")
  ResponseEntity<Balance> withdraw(
      @PathVariable String id,
      @RequestBody AccountRequests.Withdrawal body,
      HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var command = new Withdraw(account(id), IdGenerator.next(), body.amount(), body.reference());
    return commands.send(request, command, Balance.class).ok();
  }

  @PostMapping("/{id}/holds")
  @Operation(summary = "Set money aside; 422 hold-expired when expiresAt has passed already")
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
      summary = "Book held money out; the rest is released. 422 hold-not-active from expiresAt on")
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
  @Operation(summary = "Let go of held money")
  ResponseEntity<Balance> releaseHold(
      @PathVariable String id, @PathVariable String hold, HttpServletRequest http) {
    var request = CommandRequest.of(http, null);
    var command = new ReleaseHold(account(id), PathIds.hold(hold), HoldReleaseReason.REQUESTED);
    return commands.send(request, command, Balance.class).ok();
  }

  @PostMapping("/{id}/freeze")
  @Operation(summary = "Stop every movement of money")
  ResponseEntity<Changed> freeze(
      @PathVariable String id, @RequestBody AccountRequests.Reason body, HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var command = new Freeze(account(id), body.reason());
    return commands.send(request, command, Changed.class).ok();
  }

  @PostMapping("/{id}/unfreeze")
  @Operation(summary = "Let money move again")
  ResponseEntity<Changed> unfreeze(
      @PathVariable String id, @RequestBody AccountRequests.Reason body, HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var command = new Unfreeze(account(id), body.reason());
    return commands.send(request, command, Changed.class).ok();
  }

  @PutMapping("/{id}/overdraft-limit")
  @Operation(summary = "Set how far below zero the account may go")
  ResponseEntity<Balance> changeOverdraftLimit(
      @PathVariable String id,
      @RequestBody AccountRequests.OverdraftLimit body,
      HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var command = new ChangeOverdraftLimit(account(id), body.overdraftLimit());
    return commands.send(request, command, Balance.class).ok();
  }

  @PostMapping("/{id}/close")
  @Operation(summary = "Close an empty account for good")
  ResponseEntity<Changed> close(@PathVariable String id, HttpServletRequest http) {
    var request = CommandRequest.of(http, null);
    return commands.send(request, new CloseAccount(account(id)), Changed.class).ok();
  }
}
