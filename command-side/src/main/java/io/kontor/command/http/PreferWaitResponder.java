package io.kontor.command.http;

import io.kontor.cluster.role.NodeRole;
import io.kontor.cluster.role.NodeRoles;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.core.env.Environment;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Answers requests whose outcome comes later: at once that they are accepted or, when the client
 * prefers to wait and it comes in time, with what came of them. The waiting is on a virtual thread,
 * and what is looked at is the read model, which any node's progress reaches. A node that does not
 * read accepts without waiting, as a preference allows; so does one where too many wait already.
 */
@Component
public class PreferWaitResponder {
  private final QueryGateway queries;
  private final OutcomeWaiters waiters;
  private final boolean canLook;

  PreferWaitResponder(QueryGateway queries, Environment environment) {
    this.queries = queries;
    this.waiters = new OutcomeWaiters(queries);
    this.canLook = NodeRoles.of(environment).include(NodeRole.QUERY);
  }

  /**
   * @param location where the thing can be read
   * @param query asks for it as the caller may see it
   */
  public <A, D> ResponseEntity<?> answer(
      CommandResponse<A> accepted,
      String location,
      PreferHeader preference,
      Awaited<D> kind,
      UUID id,
      Object query) {
    if (canLook && preference.isToWait() && waiters.await(kind, id, preference.patience())) {
      Optional<D> reached = find(query, kind.details()).filter(kind.isAtRest());
      if (reached.isPresent()) {
        var outcome =
            new CommandResponse<>(reached.get(), accepted.position(), accepted.replayed());
        return ResponseEntity.ok()
            .headers(outcome.ok().getHeaders())
            .header("Location", location)
            .header(PreferHeader.APPLIED, preference.applied())
            .body(reached.get());
      }
    }
    return accepted.accepted(location);
  }

  private <D> Optional<D> find(Object query, Class<D> details) {
    return queries.query(query, ResponseTypes.optionalInstanceOf(details)).join();
  }
}
