package io.kontor.operations.apikey;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.message.Validation;
import io.kontor.operations.apikey.ApiKeyStore.Created;
import io.kontor.operations.apikey.ApiKeyStore.Wanted;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.Uuids;
import io.kontor.tenancy.registry.TenantRegistry;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Role;
import io.kontor.web.security.TokenClaims;
import io.kontor.web.security.VerifiedApiKeys;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The tenant's API keys. */
@Profile("!cell")
@RestController
@RequestMapping("/v1/api-keys")
@Tag(name = "Access")
class ApiKeyController {
  private static final int LONGEST_DAYS = 366;

  private final ReadGateway gateway;
  private final ApiKeyStore keys;
  private final VerifiedApiKeys verified;
  private final RequestRecords records;
  private final TenantRegistry tenants;

  ApiKeyController(
      ReadGateway gateway,
      ApiKeyStore keys,
      VerifiedApiKeys verified,
      RequestRecords records,
      TenantRegistry tenants) {
    this.gateway = gateway;
    this.keys = keys;
    this.verified = verified;
    this.records = records;
    this.tenants = tenants;
  }

  /**
   * @param scopes the roles that the key is to have, each of which its creator has
   * @param subject for whom the key acts: the creator's own subject, or one that begins with {@code
   *     key:}; if it is missing, {@code key:} and the key's id
   * @param validForDays 1 to 366
   */
  @Schema(
      name = "ApiKeyRequest",
      example =
          """
          {"name":"payroll","scopes":["admin"],"subject":"key:payroll","validForDays":90}
          """)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ApiKeyBody(String name, List<String> scopes, @Nullable String subject, int validForDays) {
    ApiKeyBody {
      Validation.text("name", name);
      Validation.that(
          !scopes.isEmpty() && scopes.size() <= Role.values().length,
          "scopes: must have 1 to %d entries".formatted(Role.values().length));
      if (subject != null) {
        Validation.text("subject", subject);
      }
      Validation.that(
          validForDays >= 1 && validForDays <= LONGEST_DAYS,
          "validForDays: must be 1 to %d".formatted(LONGEST_DAYS));
      scopes = List.copyOf(scopes);
    }
  }

  /**
   * An API key in the clear.
   *
   * @param key the key, in the first answer only: a repetition of the request is answered without
   *     it
   */
  @Schema(name = "CreatedApiKey")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record CreatedKey(UUID id, @Nullable String key, ApiKeyDetails details) {}

  @PostMapping
  @Operation(
      operationId = "createApiKey",
      summary = "Create a key for a machine; the answer shows it once")
  @Answers(value = HttpStatus.CREATED, location = true)
  ResponseEntity<CreatedKey> create(
      @RequestBody ApiKeyBody body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    Jwt creator = TokenClaims.current();
    Wanted wanted = wanted(body, creator);
    record(http, body, response);
    Created created = keys.create(wanted, key, creator.getSubject());
    UUID id = created.details().id();
    return ResponseEntity.created(URI.create("/v1/api-keys/" + id))
        .body(new CreatedKey(id, created.key(), created.details()));
  }

  @GetMapping
  @Operation(
      operationId = "listApiKeys",
      summary = "The API keys, oldest first, with those that are revoked or expired")
  Page<ApiKeyDetails> list(
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    UUID after = Cursor.decode(cursor, Uuids::parse);
    gateway.awaitStored(minPosition);
    return QueryParameters.page(keys.list(after, shown + 1), shown, key -> key.id().toString());
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getApiKey", summary = "An API key, and when it was last used")
  ApiKeyDetails get(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    return keys.find(id).orElseThrow(ApiKeyController::unknown);
  }

  @DeleteMapping("/{id}")
  @Operation(
      operationId = "revokeApiKey",
      summary = "Revoke an API key: at once on this node, after 5 seconds everywhere")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    record(http, null, response);
    // Again for a repetition: the first request may have ended between its record and this.
    if (!keys.revoke(id)) {
      throw unknown();
    }
    verified.forget(id);
  }

  /**
   * A key never has more than its creator, acts for no other person, and creates no further keys.
   */
  private static Wanted wanted(ApiKeyBody body, Jwt creator) {
    if (TokenClaims.isApiKey(creator)) {
      throw SecurityProblemHandler.forbidden("an API key creates no API keys");
    }
    Set<Role> scopes = body.scopes().stream().map(ApiKeyController::role).collect(toSet());
    if (!TokenClaims.roles(creator).containsAll(scopes)) {
      throw SecurityProblemHandler.forbidden("an API key has no role that its creator has not");
    }
    String subject = body.subject();
    boolean isOwn = creator.getSubject().equals(subject);
    if (subject != null && !isOwn && !ApiKeyStore.isOfAKey(subject)) {
      throw ProblemException.invalid(
          "/subject", "must be the creator's own subject, or begin with key:");
    }
    if (scopes.contains(Role.CUSTOMER) && !isOwn) {
      throw ProblemException.invalid(
          "/subject", "must be the creator's own subject in a key for a customer");
    }
    return new Wanted(body.name(), subject, scopes, Duration.ofDays(body.validForDays()));
  }

  private static Role role(String scope) {
    return Role.ofClaim(scope)
        .orElseThrow(
            () ->
                ProblemException.invalid(
                    "/scopes", "must be some of teller, customer, auditor, admin, clearing"));
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("there is no such API key");
  }

  /** The keys of a tenant are here wherever its data, and with it its other records, is. */
  private void record(
      HttpServletRequest request, @Nullable Object body, HttpServletResponse response) {
    boolean isInCell =
        tenants
            .placeOf(TenantContext.current())
            .filter(place -> place.isolation().isCell())
            .isPresent();
    if (isInCell) {
      records.isReplayedInSharedDatabase(request, body, response);
    } else {
      records.isReplayed(request, body, response);
    }
  }
}
