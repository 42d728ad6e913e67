package io.kontor.command.order.web;

import io.kontor.api.account.AccountCommand.ShowOwner;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult.Owner;
import io.kontor.api.order.FindOrder;
import io.kontor.api.order.FindOrdersAtRest;
import io.kontor.api.order.OrderCommand.CancelOrder;
import io.kontor.api.order.OrderCommand.PlaceOrder;
import io.kontor.api.order.OrderDetails;
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderReferences;
import io.kontor.api.order.OrderResult;
import io.kontor.command.http.Awaited;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.PathIds;
import io.kontor.command.http.PreferHeader;
import io.kontor.command.http.PreferWaitResponder;
import io.kontor.command.http.RequestContext;
import io.kontor.command.inventory.PriceList;
import io.kontor.personaldata.PersonalDataService;
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
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Orders paid from an account: accepted at once, completed or undone by their process. */
@RestController
@RequestMapping(OrderCommandController.PATH)
@Tag(name = "Orders")
@SendsCommands
class OrderCommandController {
  static final String PATH = "/v1/orders";

  private static final Awaited<OrderDetails> END =
      new Awaited<>(
          PATH,
          OrderDetails.class,
          order -> order.status().isAtRest(),
          FindOrder::new,
          FindOrdersAtRest::new);

  private final CommandDispatcher commands;
  private final PreferWaitResponder outcomes;
  private final PriceList priceList;
  private final PersonalDataService personalData;
  private final JsonMapper json;

  OrderCommandController(
      CommandDispatcher commands,
      PreferWaitResponder outcomes,
      PriceList priceList,
      PersonalDataService personalData,
      JsonMapper json) {
    this.commands = commands;
    this.outcomes = outcomes;
    this.priceList = priceList;
    this.personalData = personalData;
    this.json = json;
  }

  @PostMapping
  @Operation(
      operationId = "placeOrder",
      summary = "Order, and pay from an account",
      description = "Accepted at once; later it is confirmed or cancelled.")
  @Answers(
      value = HttpStatus.ACCEPTED,
      location = true,
      body = OrderResult.class,
      outcome = OrderDetails.class,
      mayBeUnknown = true,
      rejections = {"currency-mismatch"})
  @MovesMoney
  ResponseEntity<?> place(@RequestBody OrderRequests.Order body, HttpServletRequest http) {
    var request = CommandRequest.movingMoney(http, body);
    var placed =
        commands.prepared(request, () -> command(body, request.origin()), OrderResult.class);
    return outcomes.answer(
        placed,
        placed.answer().id(),
        END,
        PreferHeader.of(http),
        request.origin().caller().asCustomer());
  }

  @PostMapping("/{id}/cancel")
  @Operation(operationId = "cancelOrder", summary = "Turn an order back that is not confirmed yet")
  @Answers(
      value = HttpStatus.ACCEPTED,
      conflicts = {"order-confirmed"})
  @IfMatch
  ResponseEntity<OrderResult> cancel(
      @PathVariable String id,
      @RequestBody OrderRequests.Cancellation body,
      HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var command =
        new CancelOrder(PathIds.order(id), body.reason(), request.origin().caller().asCustomer());
    return commands.send(request, command, OrderResult.class).accepted();
  }

  /** Adds what the order decides by: the account's owner and currency, and the items' prices. */
  private PlaceOrder command(OrderRequests.Order body, RequestContext origin) {
    var account = new AccountId(origin.tenant(), body.account());
    var owner =
        commands.ask(origin, new ShowOwner(account, origin.caller().asCustomer()), Owner.class);
    var quote = priceList.quote(body.items().stream().map(OrderRequests.Item::sku).toList());
    return new PlaceOrder(
        new OrderId(origin.tenant(), IdGenerator.next()),
        account,
        owner.customer(),
        owner.currency(),
        body.items().stream().map(item -> item.at(quote.of(item.sku()))).toList(),
        personalData.seal(owner.customer(), json.writeValueAsString(body.shippingAddress())),
        new OrderReferences(
            IdGenerator.next(), IdGenerator.next(), IdGenerator.next(), IdGenerator.next()));
  }
}
