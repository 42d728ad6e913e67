package io.kontor.query.order;

import io.kontor.api.order.FindOrder;
import io.kontor.api.order.OrderDetails;
import io.kontor.projections.order.OrderProjection;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.EntityTags;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Orders with their timeline. */
@RestController
@Tag(name = "Orders")
class OrderQueryController {
  private final ReadGateway gateway;

  OrderQueryController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping("/v1/orders/{id}")
  @Operation(operationId = "getOrder", summary = "An order with its timeline")
  ResponseEntity<OrderDetails> order(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, OrderProjection.NAME);
    return gateway
        .find(new FindOrder(id, Caller.current().asCustomer()), OrderDetails.class, minPosition)
        .map(order -> ResponseEntity.ok().eTag(EntityTags.of(order.version())).body(order))
        .orElseThrow(() -> ProblemException.notFound("there is no such order"));
  }
}
