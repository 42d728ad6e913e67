package io.kontor.gateway;

import static java.util.stream.Collectors.toSet;

import io.kontor.gateway.proxy.NodeProxyExchange;
import io.kontor.gateway.proxy.NodeProxyExchange.Reply;
import io.kontor.limits.LimitPlans;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.security.ApiKey;
import io.kontor.web.security.ApiKeyHolder;
import io.kontor.web.security.ApiKeyLookup;
import io.kontor.web.security.Role;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * API keys as nodes know them: the gateway has no database, so it asks a node for whom it takes the
 * key, with the key itself. The answer has its tenant's plan, too.
 */
final class NodeApiKeys implements ApiKeyLookup {
  /** Where a node answers for whom it takes a caller. */
  static final String CALLER = "/v1/caller";

  private final NodeProxyExchange nodes;
  private final RouteTable routes;
  private final JsonMapper json;
  private final LimitPlans plans;

  NodeApiKeys(NodeProxyExchange nodes, RouteTable routes, JsonMapper json, LimitPlans plans) {
    this.nodes = nodes;
    this.routes = routes;
    this.json = json;
    this.plans = plans;
  }

  @Override
  public Optional<ApiKeyHolder> find(ApiKey key, String address) {
    String group = routes.groupForReads(CALLER).orElseThrow(NodeApiKeys::notVerified);
    Reply reply = nodes.get(group, CALLER, key.reveal(), address);
    return switch (HttpStatus.resolve(reply.status())) {
      case OK -> Optional.of(known(key, json.readTree(reply.body())));
      case UNAUTHORIZED, FORBIDDEN -> Optional.empty();
      case TOO_MANY_REQUESTS -> throw tooMany(reply);
      case null, default -> throw notVerified();
    };
  }

  private ApiKeyHolder known(ApiKey key, JsonNode caller) {
    plans.apply(key.tenant(), NodeLimitPlans.planOf(caller).orElse(null));
    return holder(key, caller);
  }

  /** What the key itself says of its tenant and id is right, since the node has verified it. */
  private static ApiKeyHolder holder(ApiKey key, JsonNode caller) {
    return new ApiKeyHolder(
        key.id(),
        key.tenant(),
        caller.path("subject").asString(),
        caller
            .path("roles")
            .valueStream()
            .flatMap(role -> Role.ofClaim(role.asString()).stream())
            .collect(toSet()),
        Instant.parse(caller.path("validUntil").asString()));
  }

  private static ProblemException tooMany(Reply reply) {
    return new ProblemException(
            ProblemType.RATE_LIMITED, "the node takes no more requests with this API key now")
        .withHeader(HttpHeaders.RETRY_AFTER, Objects.requireNonNullElse(reply.retryAfter(), "1"));
  }

  private static ProblemException notVerified() {
    return ProblemException.tryAgain(
        ProblemType.NODE_UNAVAILABLE, "no node verified the API key; the request was not executed");
  }
}
