package io.kontor.query.inventory;

import io.kontor.api.inventory.FindProduct;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.ProductDetails;
import io.kontor.api.inventory.Sku;
import io.kontor.projections.inventory.ProductProjection;
import io.kontor.query.support.ReadGateway;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.EntityTags;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Products with their stock. */
@RestController
@Tag(name = "Inventory")
class ProductQueryController {
  private final ReadGateway gateway;

  ProductQueryController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping("/v1/products/{sku}")
  @Operation(operationId = "getProduct", summary = "A product with its stock")
  ResponseEntity<ProductDetails> product(
      @PathVariable String sku,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, ProductProjection.NAME);
    return find(sku, minPosition)
        .map(product -> ResponseEntity.ok().eTag(EntityTags.of(product.version())).body(product))
        .orElseThrow(() -> ProblemException.notFound("there is no such product"));
  }

  private Optional<ProductDetails> find(String sku, @Nullable String minPosition) {
    return Sku.isSku(sku)
        ? gateway.find(
            new FindProduct(InventoryItemId.of(TenantContext.current(), new Sku(sku))),
            ProductDetails.class,
            minPosition)
        : Optional.empty();
  }
}
