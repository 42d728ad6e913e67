package io.kontor.query.inventory;

import io.kontor.api.inventory.FindProduct;
import io.kontor.api.inventory.ItemId;
import io.kontor.api.inventory.ProductDetails;
import io.kontor.api.inventory.Sku;
import io.kontor.projections.inventory.ProductProjection;
import io.kontor.query.Questions;
import io.kontor.tenancy.Tenancy;
import io.kontor.web.ETags;
import io.kontor.web.Headers;
import io.kontor.web.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Products with their stock. */
@RestController
class ProductReadController {
  private final Questions questions;

  ProductReadController(Questions questions) {
    this.questions = questions;
  }

  @GetMapping("/v1/products/{sku}")
  ResponseEntity<ProductDetails> product(
      @PathVariable String sku,
      @RequestHeader(name = Headers.MIN_POSITION, required = false) @Nullable String minPosition) {
    questions.await(minPosition, ProductProjection.NAME);
    return find(sku)
        .map(product -> ResponseEntity.ok().eTag(ETags.of(product.version())).body(product))
        .orElseThrow(() -> Problem.notFound("there is no such product"));
  }

  private Optional<ProductDetails> find(String sku) {
    return Sku.isSku(sku)
        ? questions.find(
            new FindProduct(ItemId.of(Tenancy.current(), new Sku(sku))), ProductDetails.class)
        : Optional.empty();
  }
}
