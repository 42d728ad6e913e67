package io.kontor.command.http;

import io.kontor.cluster.role.NodeRole;
import io.kontor.cluster.role.NodeRoles;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Responds to requests whose outcome comes later: 202 at once or, when the client prefers to wait
 * and the outcome comes in time, 200 with it. The wait is on a virtual thread and polls the read
 * model, so any node may process the request. A node without the query role, or with too many
 * waiters, responds 202 at once, as RFC 7240 allows.
 */
@Component
public class PreferWaitResponder {
  private final QueryGateway queries;
  private final OutcomeWaiters waiters;
  private final boolean servesQueries;

  PreferWaitResponder(QueryGateway queries, Environment environment) {
    this.queries = queries;
    this.waiters = new OutcomeWaiters(queries);
    this.servesQueries = NodeRoles.of(environment).include(NodeRole.QUERY);
  }

  /**
   * @param accepted the response of a request that created a resource
   * @param id the created resource
   * @param customer the customer who may see the outcome; null for the bank's staff
   */
  public <A, D> ResponseEntity<?> answer(
      CommandResponse<A> accepted,
      UUID id,
      Awaited<D> kind,
      PreferHeader preference,
      @Nullable String customer) {
    String location = kind.path() + "/" + id;
    if (servesQueries && preference.isToWait() && waiters.await(kind, id, preference.waitTime())) {
      Optional<D> details = find(kind, id, customer).filter(kind.isAtRest());
      if (details.isPresent()) {
        var outcome =
            new CommandResponse<>(details.get(), accepted.position(), accepted.replayed());
        return ResponseEntity.ok()
            .headers(outcome.ok().getHeaders())
            .header("Location", location)
            .header(PreferHeader.APPLIED, preference.applied())
            .body(details.get());
      }
    }
    return accepted.accepted(location);
  }

  private <D> Optional<D> find(Awaited<D> kind, UUID id, @Nullable String customer) {
    Object query = kind.find().apply(id, customer);
    return queries.query(query, ResponseTypes.optionalInstanceOf(kind.details())).join();
  }
}
