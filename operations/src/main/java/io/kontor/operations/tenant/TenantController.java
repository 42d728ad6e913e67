package io.kontor.operations.tenant;

import io.kontor.api.message.Validation;
import io.kontor.operations.support.RequestRecords;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantRegistry;
import io.kontor.tenancy.registry.TenantRegistry.Registration;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Registers tenants, for operators. */
@RestController
@Tag(name = "Tenants")
class TenantController {
  private final TenantRegistry tenants;
  private final ReadModelPositions readModels;
  private final RequestRecords records;

  TenantController(TenantRegistry tenants, ReadModelPositions readModels, RequestRecords records) {
    this.tenants = tenants;
    this.readModels = readModels;
    this.records = records;
  }

  /**
   * A tenant.
   *
   * @param id a lower-case letter, then 1 to 38 lower-case letters, digits or hyphens
   * @param name a name to show
   */
  @Schema(
      name = "Tenant",
      example =
          """
          {"id":"initech","name":"Initech Bank"}
          """)
  record Tenant(String id, String name) {}

  @PostMapping("/v1/tenants")
  @Operation(operationId = "registerTenant", summary = "Register a tenant")
  @Answers(
      value = HttpStatus.CREATED,
      position = true,
      conflicts = {"tenant-exists"})
  ResponseEntity<Tenant> register(
      @RequestBody Tenant tenant,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http) {
    TenantId id = id(tenant);
    String name = name(tenant);
    records.record(http, tenant);
    Registration registration = tenants.register(id, name, key);
    if (registration.created()) {
      return created().body(tenant);
    }
    if (key == null || !key.equals(registration.requestKey())) {
      throw new ProblemException(
          ProblemType.TENANT_EXISTS, "a tenant with this id is registered already");
    }
    if (!registration.name().equals(tenant.name())) {
      throw IdempotencyKeyFormat.reused();
    }
    return created().header(KontorHeaders.IDEMPOTENT_REPLAYED, "true").body(tenant);
  }

  /**
   * Registering a tenant appends no event; all of its events come after the store's current
   * position.
   */
  private BodyBuilder created() {
    return ResponseEntity.status(HttpStatus.CREATED)
        .header(KontorHeaders.POSITION, Long.toString(readModels.head()));
  }

  private static TenantId id(Tenant tenant) {
    try {
      return new TenantId(tenant.id());
    } catch (IllegalArgumentException malformed) {
      throw ProblemException.invalid("/id", String.valueOf(malformed.getMessage()));
    }
  }

  private static String name(Tenant tenant) {
    Validation.text("name", tenant.name());
    return tenant.name();
  }
}
