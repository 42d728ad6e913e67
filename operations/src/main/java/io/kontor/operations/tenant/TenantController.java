package io.kontor.operations.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.message.Validation;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredCell;
import io.kontor.tenancy.registry.RegisteredTenant;
import io.kontor.tenancy.registry.TenantDirectory;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.tenancy.registry.TenantRegistry;
import io.kontor.tenancy.registry.TenantRegistry.Registration;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Registers and lists tenants, for operators. */
@RestController
@Profile("!cell")
@Tag(name = "Tenants")
class TenantController {
  private static final String EXAMPLE =
      """
      {"id":"initech","name":"Initech Bank","isolation":"ROW"}
      """;

  private final TenantRegistry tenants;
  private final TenantDirectory directory;
  private final TenantDatabases databases;
  private final ReadModelPositions readModels;
  private final ReadGateway gateway;
  private final RequestRecords records;

  TenantController(
      TenantRegistry tenants,
      TenantDirectory directory,
      TenantDatabases databases,
      ReadModelPositions readModels,
      ReadGateway gateway,
      RequestRecords records) {
    this.tenants = tenants;
    this.directory = directory;
    this.databases = databases;
    this.readModels = readModels;
    this.gateway = gateway;
    this.records = records;
  }

  /**
   * A tenant to register.
   *
   * @param id a lower-case letter, then 1 to 38 lower-case letters, digits or hyphens
   * @param name a name to show
   * @param isolation how its data is separated from that of others; {@code ROW} if it is missing
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "NewTenant", example = EXAMPLE)
  record NewTenant(String id, String name, @Nullable TenantIsolation isolation) {
    TenantIsolation wanted() {
      return isolation == null ? TenantIsolation.ROW : isolation;
    }
  }

  /**
   * A registered tenant.
   *
   * @param database the address of its own database, or its own schema; absent for {@code ROW}
   * @param secret the prefix of the settings with the passwords of that database
   * @param kept the places of its own that it has moved out of, kept until the move is confirmed;
   *     absent when there is none
   * @param closedAt when it was closed for good; absent while it is served
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Tenant")
  record Tenant(
      TenantId id,
      String name,
      TenantIsolation isolation,
      @Nullable String database,
      @Nullable String secret,
      @Nullable List<TenantIsolation> kept,
      Instant registeredAt,
      @Nullable Instant closedAt) {
    static Tenant of(RegisteredTenant tenant) {
      RegisteredCell cell = tenant.cell();
      return new Tenant(
          tenant.id(),
          tenant.name(),
          tenant.isolation(),
          cell == null ? null : cell.address(),
          cell == null ? null : cell.secret(),
          tenant.kept().isEmpty() ? null : tenant.kept(),
          tenant.registeredAt(),
          tenant.closedAt());
    }
  }

  @PostMapping("/v1/tenants")
  @Operation(
      operationId = "registerTenant",
      summary = "Register a tenant",
      description =
          "With `isolation` `SCHEMA` a schema is made for the tenant in the shared database. With"
              + " `DATABASE` the tenant's own database, which the nodes' settings describe, is"
              + " migrated and opened first.")
  @Answers(
      value = HttpStatus.CREATED,
      position = true,
      location = true,
      conflicts = {"tenant-exists"})
  ResponseEntity<Tenant> register(
      @RequestBody NewTenant tenant,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http) {
    TenantId id = id(tenant);
    String name = name(tenant);
    records.record(http, tenant);
    if (tenant.wanted().isCell() && directory.find(id).isEmpty()) {
      databases.create(id, tenant.wanted(), name);
    }
    Registration registration = tenants.register(id, name, tenant.wanted(), key);
    if (registration.created()) {
      return created(id).body(registered(id));
    }
    if (key == null || !key.equals(registration.requestKey())) {
      throw new ProblemException(
          ProblemType.TENANT_EXISTS, "a tenant with this id is registered already");
    }
    if (!registration.name().equals(name) || registration.isolation() != tenant.wanted()) {
      throw IdempotencyKeyFormat.reused();
    }
    return created(id).header(KontorHeaders.IDEMPOTENT_REPLAYED, "true").body(registered(id));
  }

  @GetMapping("/v1/tenants")
  @Operation(operationId = "listTenants", summary = "The tenants, in the order of their ids")
  Page<Tenant> tenants(
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    gateway.awaitStored(minPosition);
    List<RegisteredTenant> found = directory.list(Cursor.decode(cursor, TenantId::new), shown + 1);
    return QueryParameters.page(
        found.stream().map(Tenant::of).toList(), shown, tenant -> tenant.id().value());
  }

  @GetMapping("/v1/tenants/{tenant}")
  @Operation(operationId = "getTenant", summary = "A tenant")
  Tenant tenant(
      @Parameter(description = "The tenant's id") @PathVariable("tenant") String name,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    return find(name)
        .map(Tenant::of)
        .orElseThrow(() -> ProblemException.notFound("there is no such tenant"));
  }

  /** A name that no tenant can have is one of a tenant that does not exist. */
  private Optional<RegisteredTenant> find(String name) {
    try {
      return directory.find(new TenantId(name));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private Tenant registered(TenantId id) {
    return directory.find(id).map(Tenant::of).orElseThrow();
  }

  /**
   * Registering a tenant appends no event; all of its events come after the store's current
   * position.
   */
  private BodyBuilder created(TenantId id) {
    return ResponseEntity.created(URI.create("/v1/tenants/" + id))
        .header(KontorHeaders.POSITION, Long.toString(readModels.head()));
  }

  private static TenantId id(NewTenant tenant) {
    try {
      return new TenantId(tenant.id());
    } catch (IllegalArgumentException malformed) {
      throw ProblemException.invalid("/id", String.valueOf(malformed.getMessage()));
    }
  }

  private static String name(NewTenant tenant) {
    Validation.text("name", tenant.name());
    return tenant.name();
  }
}
