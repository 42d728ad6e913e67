package io.kontor.command.web;

import io.kontor.api.inventory.ItemAnswer.Registered;
import io.kontor.api.inventory.ItemAnswer.Stock;
import io.kontor.api.inventory.ItemCommand.AddStock;
import io.kontor.api.inventory.ItemCommand.RegisterProduct;
import io.kontor.api.inventory.ItemId;
import io.kontor.tenancy.Tenancy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is sold, and its stock. */
@RestController
@RequestMapping(ProductsController.PATH)
@Tag(name = "Products")
class ProductsController {
  static final String PATH = "/v1/products";

  private final Commands commands;

  ProductsController(Commands commands) {
    this.commands = commands;
  }

  @PostMapping
  @Operation(summary = "Offer a product")
  ResponseEntity<Registered> register(
      @RequestBody ProductBodies.Product body, HttpServletRequest http) {
    var request = Request.of(http, body);
    var item = ItemId.of(Tenancy.current(), body.sku());
    var command = new RegisterProduct(item, body.sku(), body.name(), body.price());
    return commands.send(request, command, Registered.class).created(PATH + "/" + body.sku());
  }

  @PostMapping("/{sku}/stock")
  @Operation(summary = "Add to a product's stock")
  ResponseEntity<Stock> addStock(
      @PathVariable String sku, @RequestBody ProductBodies.Delivery body, HttpServletRequest http) {
    var request = Request.of(http, body);
    var command = new AddStock(Paths.item(sku), body.quantity());
    return commands.send(request, command, Stock.class).ok();
  }
}
