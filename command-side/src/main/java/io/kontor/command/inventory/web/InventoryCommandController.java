package io.kontor.command.inventory.web;

import io.kontor.api.inventory.InventoryCommand.AddStock;
import io.kontor.api.inventory.InventoryCommand.RegisterProduct;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.InventoryResult.Registered;
import io.kontor.api.inventory.InventoryResult.Stock;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.PathIds;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.IfMatch;
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

/** The commands to products and their stock over HTTP. */
@RestController
@RequestMapping(InventoryCommandController.PATH)
@Tag(name = "Inventory")
@SendsCommands
class InventoryCommandController {
  static final String PATH = "/v1/products";

  private final CommandDispatcher commands;

  InventoryCommandController(CommandDispatcher commands) {
    this.commands = commands;
  }

  @PostMapping
  @Operation(operationId = "registerProduct", summary = "Offer a product")
  @Answers(
      value = HttpStatus.CREATED,
      location = true,
      conflicts = {"product-exists"})
  ResponseEntity<Registered> register(
      @RequestBody InventoryRequests.Product body, HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var item = InventoryItemId.of(TenantContext.current(), body.sku());
    var command = new RegisterProduct(item, body.sku(), body.name(), body.price());
    return commands.send(request, command, Registered.class).created(PATH + "/" + body.sku());
  }

  @PostMapping("/{sku}/stock")
  @Operation(operationId = "addStock", summary = "Add to a product's stock")
  @IfMatch
  ResponseEntity<Stock> addStock(
      @PathVariable String sku,
      @RequestBody InventoryRequests.Delivery body,
      HttpServletRequest http) {
    var request = CommandRequest.of(http, body);
    var command = new AddStock(PathIds.item(sku), body.quantity());
    return commands.send(request, command, Stock.class).ok();
  }
}
