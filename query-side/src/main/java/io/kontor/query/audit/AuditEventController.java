package io.kontor.query.audit;

import io.kontor.api.audit.AccountMoment;
import io.kontor.api.audit.AuditEvent;
import io.kontor.api.audit.FindAccountHistory;
import io.kontor.api.audit.FindEvents;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.Digits;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The tenant's events, for auditors. */
@RestController
@Tag(name = "Audit")
class AuditEventController {
  private final ReadGateway gateway;

  AuditEventController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping("/v1/admin/accounts/{id}/history")
  @Operation(
      operationId = "getAccountHistory",
      summary = "An account's events as they are stored, with its state after each",
      description = "`from` is the number of an event in the account's stream, from 0.")
  Page<AccountMoment> history(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable Long from,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    long first = first(from, cursor, 0, "an event's number");
    gateway.awaitStored(minPosition);
    List<AccountMoment> moments =
        gateway.list(new FindAccountHistory(id, first, shown + 1), AccountMoment.class);
    if (moments.isEmpty() && first == 0) {
      throw ProblemException.notFound("there is no such account");
    }
    return QueryParameters.page(
        moments, shown, moment -> Long.toString(moment.event().sequence() + 1));
  }

  @GetMapping("/v1/admin/events")
  @Operation(
      operationId = "listEvents",
      summary = "The tenant's events as they are stored, in the order of their positions")
  Page<AuditEvent> events(
      @RequestParam(required = false) @Nullable UUID stream,
      @RequestParam(required = false) @Nullable String type,
      @RequestParam(required = false) @Nullable Long from,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    long first = first(from, cursor, 1, "a position");
    gateway.awaitStored(minPosition);
    return QueryParameters.page(
        gateway.list(
            new FindEvents(stream, QueryParameters.text("type", type), first, shown + 1),
            AuditEvent.class),
        shown,
        event -> Long.toString(event.position() + 1));
  }

  /**
   * Where a page begins: where it is wanted to, or after the one before.
   *
   * @param least the lowest number that there is
   */
  private static long first(
      @Nullable Long from, @Nullable String cursor, long least, String number) {
    if (from != null && from < least) {
      throw ProblemException.invalid("from", "must be %s, %d or more".formatted(number, least));
    }
    Long next = Cursor.decode(cursor, Digits::parse);
    return Math.max(from == null ? least : from, next == null ? least : next);
  }
}
