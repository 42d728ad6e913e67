package io.kontor.operations.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.limits.LimitPlan;
import io.kontor.limits.LimitPlans;
import io.kontor.limits.LimitsProperties;
import io.kontor.operations.tenant.LimitPlanStore.Stored;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantDirectory;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** How many requests a tenant may make: an operator sets it, and the tenant's admin sees it. */
@Profile("!cell")
@RestController
@RequestMapping("/v1/tenants/{tenant}/limits")
@Tag(name = "Tenants")
class TenantLimitsController {
  private static final Logger LOG = LoggerFactory.getLogger(TenantLimitsController.class);

  private final LimitsProperties settings;
  private final LimitPlanStore stored;
  private final LimitPlans plans;
  private final TenantDirectory directory;
  private final ReadGateway gateway;
  private final RequestRecords records;

  TenantLimitsController(
      LimitsProperties settings,
      LimitPlanStore stored,
      LimitPlans plans,
      TenantDirectory directory,
      ReadGateway gateway,
      RequestRecords records) {
    this.settings = settings;
    this.stored = stored;
    this.plans = plans;
    this.directory = directory;
    this.gateway = gateway;
    this.records = records;
  }

  /**
   * @param tenantPerMinute reads of all users of the tenant in a minute, and as many writes
   * @param userPerMinute reads of one user in a minute, and as many writes
   */
  @Schema(
      name = "TenantLimitsRequest",
      example =
          """
          {"tenantPerMinute":120000,"userPerMinute":5000}
          """)
  record PlanBody(int tenantPerMinute, int userPerMinute) {
    LimitPlan plan() {
      return new LimitPlan(tenantPerMinute, userPerMinute);
    }
  }

  /**
   * @param tenantPerMinute reads of all users of the tenant in a minute, and as many writes
   * @param userPerMinute reads of one user in a minute, and as many writes
   * @param changedAt when an operator set them; missing while the settings of the node apply
   * @param changedBy the operator; missing while the settings of the node apply
   */
  @Schema(name = "TenantLimits")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LimitsAnswer(
      int tenantPerMinute,
      int userPerMinute,
      @Nullable Instant changedAt,
      @Nullable String changedBy) {
    static LimitsAnswer of(Stored stored) {
      return new LimitsAnswer(
          stored.plan().tenantPerMinute(),
          stored.plan().userPerMinute(),
          stored.changedAt(),
          stored.changedBy());
    }
  }

  @GetMapping
  @Operation(
      operationId = "getTenantLimits",
      summary = "How many requests a tenant and each of its users may make in a minute")
  LimitsAnswer get(
      @Parameter(description = "The tenant's id") @PathVariable("tenant") String name,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    TenantId tenant = known(name);
    return stored
        .find(tenant)
        .map(LimitsAnswer::of)
        .orElseGet(
            () -> new LimitsAnswer(settings.of(tenant.value()), settings.user(), null, null));
  }

  @PutMapping
  @Operation(
      operationId = "setTenantLimits",
      summary = "Set how many requests a tenant may make: it applies everywhere within 10 seconds")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void set(
      @Parameter(description = "The tenant's id") @PathVariable("tenant") String name,
      @RequestBody PlanBody body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    LimitPlan plan = body.plan();
    TenantId tenant = known(name);
    if (!records.isReplayed(http, body, response)) {
      stored.set(tenant, plan, Caller.current().subject());
      plans.apply(tenant, plan);
      LOG.info(
          "limits set tenant={} tenantPerMinute={} userPerMinute={}",
          tenant,
          plan.tenantPerMinute(),
          plan.userPerMinute());
    }
  }

  @DeleteMapping
  @Operation(
      operationId = "resetTenantLimits",
      summary = "Have the limits in the settings apply to a tenant again")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void reset(
      @Parameter(description = "The tenant's id") @PathVariable("tenant") String name,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    TenantId tenant = known(name);
    if (!records.isReplayed(http, null, response)) {
      stored.remove(tenant);
      plans.apply(tenant, null);
      LOG.info("limits reset tenant={}", tenant);
    }
  }

  /** A registered tenant; for an admin, its own. */
  private TenantId known(String name) {
    if (TenantId.isValid(name)) {
      var tenant = new TenantId(name);
      boolean isOther = TenantContext.find().filter(own -> !own.equals(tenant)).isPresent();
      if (!isOther && directory.find(tenant).isPresent()) {
        return tenant;
      }
    }
    throw ProblemException.notFound("there is no such tenant");
  }
}
