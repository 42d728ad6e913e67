package io.kontor.app;

import io.kontor.api.Checks;
import io.kontor.app.TenantRegistry.Registration;
import io.kontor.projections.engine.ReadModels;
import io.kontor.query.RequestRecords;
import io.kontor.tenancy.TenantId;
import io.kontor.web.Headers;
import io.kontor.web.IdempotencyKeys;
import io.kontor.web.Problem;
import io.swagger.v3.oas.annotations.Operation;
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

/** An operator's tenants. */
@RestController
@Tag(name = "Tenants")
class TenantsController {
  private final TenantRegistry tenants;
  private final ReadModels readModels;
  private final RequestRecords records;

  TenantsController(TenantRegistry tenants, ReadModels readModels, RequestRecords records) {
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
  record Tenant(String id, String name) {}

  @PostMapping("/v1/tenants")
  @Operation(summary = "Register a tenant")
  ResponseEntity<Tenant> register(
      @RequestBody Tenant tenant,
      @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http) {
    TenantId id = id(tenant);
    String name = name(tenant);
    records.record(http, tenant);
    Registration registration = tenants.register(id, name, key);
    if (registration.created()) {
      return created().body(tenant);
    }
    if (key == null || !key.equals(registration.requestKey())) {
      throw new Problem(
          HttpStatus.CONFLICT,
          "tenant-exists",
          "Tenant exists",
          "a tenant with this id is registered already");
    }
    if (!registration.name().equals(tenant.name())) {
      throw IdempotencyKeys.reused();
    }
    return created().header(Headers.IDEMPOTENT_REPLAYED, "true").body(tenant);
  }

  /** A tenant is no event; whatever it does comes after the position that the store has now. */
  private BodyBuilder created() {
    return ResponseEntity.status(HttpStatus.CREATED)
        .header(Headers.POSITION, Long.toString(readModels.head()));
  }

  private static TenantId id(Tenant tenant) {
    try {
      return new TenantId(tenant.id());
    } catch (IllegalArgumentException malformed) {
      throw Problem.invalid("/id", String.valueOf(malformed.getMessage()));
    }
  }

  private static String name(Tenant tenant) {
    Checks.text("name", tenant.name());
    return tenant.name();
  }
}
