package io.kontor.query.account;

import static io.kontor.query.support.QueryParameters.compact;
import static io.kontor.query.support.QueryParameters.instant;
import static io.kontor.query.support.QueryParameters.postingCursor;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.kontor.api.account.AccountBalance;
import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountQuery.FindAccounts;
import io.kontor.api.account.AccountQuery.FindBalance;
import io.kontor.api.account.AccountStatus;
import io.kontor.api.ledger.LedgerQuery.FindPostings;
import io.kontor.api.ledger.Posting;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.tenancy.Uuids;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.EntityTags;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Accounts, their statements and their balances at any past instant. */
@RestController
@RequestMapping("/v1/accounts")
@Tag(name = "Accounts")
class AccountQueryController {
  private static final int MOST_NAMESAKES = 1_000;

  private final ReadGateway gateway;
  private final PersonalDataService personalData;

  AccountQueryController(ReadGateway gateway, PersonalDataService personalData) {
    this.gateway = gateway;
    this.personalData = personalData;
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getAccount", summary = "An account with its balance")
  ResponseEntity<AccountDetails> account(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, AccountProjection.NAME);
    AccountDetails account = gateway.requireAccount(id, minPosition);
    return ResponseEntity.ok().eTag(EntityTags.of(account.version())).body(account);
  }

  @GetMapping
  @Operation(operationId = "listAccounts", summary = "Accounts, in the order of their ids")
  Page<AccountDetails> accounts(
      @RequestParam(required = false) @Nullable AccountStatus status,
      @RequestParam(required = false) @Nullable String customer,
      @Parameter(
              description =
                  "words of an owner's name, all of them and whole, in any order: accounts of the"
                      + " customers who have one under such a name")
          @RequestParam(required = false)
          @Nullable String owner,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    UUID after = Cursor.decode(cursor, Uuids::parse);
    Set<String> customers = QueryParameters.customers(customer);
    if (owner != null) {
      customers = named(owner, customers);
    }
    gateway.await(minPosition, AccountProjection.NAME);
    var query = new FindAccounts(status, customers, after, shown + 1);
    return QueryParameters.page(
        gateway.list(query, AccountDetails.class), shown, account -> account.id().toString());
  }

  /**
   * @param customers who may be meant; all when null
   */
  private Set<String> named(String owner, @Nullable Set<String> customers) {
    QueryParameters.text("owner", owner);
    Set<String> named = personalData.named(owner, MOST_NAMESAKES + 1);
    if (named.size() > MOST_NAMESAKES) {
      throw ProblemException.invalid(
          "owner",
          "must have more words: these are in the names of more than %d customers"
              .formatted(MOST_NAMESAKES));
    }
    return customers == null
        ? named
        : named.stream().filter(customers::contains).collect(toUnmodifiableSet());
  }

  @GetMapping("/{id}/postings")
  @Operation(operationId = "listPostings", summary = "An account's postings, newest first")
  Page<Posting> postings(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    var query =
        new FindPostings(
            id, instant("from", from), instant("to", to), postingCursor(cursor), shown + 1);
    if (query.from() != null && query.to() != null && query.from().isAfter(query.to())) {
      throw ProblemException.invalid("from", "must not be after to");
    }
    gateway.await(minPosition, AccountProjection.NAME, JournalProjection.NAME);
    if (query.to() != null && !gateway.isFuture(query.to())) {
      gateway.awaitAllBefore("to", query.to(), JournalProjection.NAME);
    }
    gateway.requireAccount(id, minPosition);
    return QueryParameters.page(
        gateway.list(query, Posting.class),
        shown,
        posting -> compact(posting.bookedAt(), posting.position(), posting.id()));
  }

  @GetMapping("/{id}/balance")
  @Operation(operationId = "getBalance", summary = "An account's balance, now or at a past instant")
  AccountBalance balance(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String at,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    Instant instant = instant("at", at);
    gateway.await(minPosition, AccountProjection.NAME, JournalProjection.NAME);
    gateway.awaitAllBefore("at", instant, JournalProjection.NAME);
    return gateway
        .find(new FindBalance(id, instant, Caller.current().asCustomer()), AccountBalance.class)
        .orElseThrow(AccountQueryController::unknown);
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("there is no such account");
  }
}
