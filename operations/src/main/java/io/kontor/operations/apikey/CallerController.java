package io.kontor.operations.apikey;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.limits.LimitPlan;
import io.kontor.limits.LimitPlanLookup;
import io.kontor.query.support.ReadGateway;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.security.Role;
import io.kontor.web.security.TokenClaims;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * For whom a caller is taken, and how many requests it may make. A gateway asks it with what it was
 * sent.
 */
@Profile("!cell")
@RestController
@Tag(name = "Access")
class CallerController {
  private final ReadGateway gateway;
  private final LimitPlanLookup plans;

  CallerController(ReadGateway gateway, LimitPlanLookup plans) {
    this.gateway = gateway;
    this.plans = plans;
  }

  /**
   * @param tenant missing for an operator
   * @param apiKey the API key's id; missing with a token
   * @param plan how many requests an operator lets the tenant make; missing while the settings
   *     apply
   * @param validUntil when the token expires; with an API key, when it has to be verified again at
   *     the latest
   */
  @Schema(name = "Caller")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record CallerAnswer(
      @Nullable String tenant,
      String subject,
      List<String> roles,
      @Nullable String apiKey,
      @Nullable LimitPlan plan,
      Instant validUntil) {}

  @GetMapping("/v1/caller")
  @Operation(
      operationId = "getCaller",
      summary = "For whom the token or API key of this request is taken")
  CallerAnswer caller(
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    Jwt claims = TokenClaims.current();
    return new CallerAnswer(
        claims.getClaimAsString(TokenClaims.TENANT),
        claims.getSubject(),
        TokenClaims.roles(claims).stream().map(Role::claim).sorted().toList(),
        TokenClaims.isApiKey(claims) ? claims.getId() : null,
        TenantContext.find()
            .flatMap(tenant -> plans.find(tenant, claims.getTokenValue()))
            .orElse(null),
        TokenClaims.expiryOfCurrent());
  }
}
