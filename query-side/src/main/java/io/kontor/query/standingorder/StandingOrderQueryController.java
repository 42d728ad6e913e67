package io.kontor.query.standingorder;

import io.kontor.api.standingorder.StandingOrderDetails;
import io.kontor.api.standingorder.StandingOrderQuery.FindStandingOrder;
import io.kontor.api.standingorder.StandingOrderQuery.FindStandingOrders;
import io.kontor.api.standingorder.StandingOrderStatus;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.standingorder.StandingOrderProjection;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.tenancy.Uuids;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Standing orders with what came of their due dates. */
@RestController
@RequestMapping("/v1/standing-orders")
@Tag(name = "Standing orders")
class StandingOrderQueryController {
  private final ReadGateway gateway;

  StandingOrderQueryController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping("/{id}")
  @Operation(
      operationId = "getStandingOrder",
      summary = "A standing order with what came of its due dates")
  ResponseEntity<StandingOrderDetails> order(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, StandingOrderProjection.NAME);
    return gateway
        .find(new FindStandingOrder(id, Caller.current().asCustomer()), StandingOrderDetails.class)
        .map(order -> ResponseEntity.ok().eTag(EntityTags.of(order.version())).body(order))
        .orElseThrow(() -> ProblemException.notFound("there is no such standing order"));
  }

  @GetMapping
  @Operation(operationId = "listStandingOrders", summary = "Standing orders, newest first")
  @Answers(mayBeUnknown = true)
  Page<StandingOrderDetails> orders(
      @RequestParam(required = false) @Nullable UUID account,
      @RequestParam(required = false) @Nullable StandingOrderStatus status,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    String customer = Caller.current().asCustomer();
    UUID before = Cursor.decode(cursor, Uuids::parse);
    gateway.await(minPosition, StandingOrderProjection.NAME, AccountProjection.NAME);
    if (account != null) {
      gateway.requireAccount(account);
    }
    return QueryParameters.page(
        gateway.list(
            new FindStandingOrders(account, status, customer, before, shown + 1),
            StandingOrderDetails.class),
        shown,
        order -> order.id().toString());
  }
}
