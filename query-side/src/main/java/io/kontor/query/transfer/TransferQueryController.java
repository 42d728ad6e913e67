package io.kontor.query.transfer;

import static io.kontor.query.support.QueryParameters.compact;
import static io.kontor.query.support.QueryParameters.postingCursor;

import io.kontor.api.transfer.TransferDetails;
import io.kontor.api.transfer.TransferQuery.FindTransfer;
import io.kontor.api.transfer.TransferQuery.FindTransfers;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.transfer.TransferProjection;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
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

/** Booked transfers. */
@RestController
@RequestMapping("/v1/transfers")
@Tag(name = "Transfers")
class TransferQueryController {
  private final ReadGateway gateway;

  TransferQueryController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getTransfer", summary = "A booked transfer")
  ResponseEntity<TransferDetails> transfer(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    // A customer's transfers are found through the accounts read model.
    gateway.await(minPosition, TransferProjection.NAME, AccountProjection.NAME);
    return gateway
        .find(new FindTransfer(id, Caller.current().asCustomer()), TransferDetails.class)
        .map(transfer -> ResponseEntity.ok().eTag(EntityTags.of(0)).body(transfer))
        .orElseThrow(() -> ProblemException.notFound("there is no such transfer"));
  }

  @GetMapping
  @Operation(operationId = "listTransfers", summary = "Booked transfers, newest first")
  @Answers(mayBeUnknown = true)
  Page<TransferDetails> transfers(
      @RequestParam(required = false) @Nullable UUID account,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    String customer = Caller.current().asCustomer();
    var query = new FindTransfers(account, customer, postingCursor(cursor), shown + 1);
    gateway.await(minPosition, TransferProjection.NAME, AccountProjection.NAME);
    if (account != null) {
      gateway.requireAccount(account);
    }
    return QueryParameters.page(
        gateway.list(query, TransferDetails.class),
        shown,
        transfer -> compact(transfer.bookedAt(), transfer.position(), transfer.id()));
  }
}
