package io.kontor.query.payment;

import io.kontor.api.payment.PaymentDetails;
import io.kontor.api.payment.PaymentQuery.FindPayment;
import io.kontor.api.payment.PaymentQuery.FindPayments;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.payment.PaymentProjection;
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

/** Payments to other banks with their history. */
@RestController
@RequestMapping("/v1/payments")
@Tag(name = "Payments")
class PaymentQueryController {
  private final ReadGateway gateway;

  PaymentQueryController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getPayment", summary = "A payment with its history")
  ResponseEntity<PaymentDetails> payment(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, PaymentProjection.NAME);
    return gateway
        .find(new FindPayment(id, Caller.current().asCustomer()), PaymentDetails.class)
        .map(payment -> ResponseEntity.ok().eTag(EntityTags.of(payment.version())).body(payment))
        .orElseThrow(() -> ProblemException.notFound("there is no such payment"));
  }

  @GetMapping
  @Operation(operationId = "listPayments", summary = "Payments, newest first")
  @Answers(mayBeUnknown = true)
  Page<PaymentDetails> payments(
      @RequestParam(required = false) @Nullable UUID account,
      @RequestParam(required = false) @Nullable PaymentStatus status,
      @RequestParam(required = false) @Nullable Boolean needsAttention,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    String customer = Caller.current().asCustomer();
    UUID before = Cursor.decode(cursor, Uuids::parse);
    gateway.await(minPosition, PaymentProjection.NAME, AccountProjection.NAME);
    if (account != null) {
      gateway.requireAccount(account);
    }
    return QueryParameters.page(
        gateway.list(
            new FindPayments(account, status, needsAttention, customer, before, shown + 1),
            PaymentDetails.class),
        shown,
        payment -> payment.id().toString());
  }
}
