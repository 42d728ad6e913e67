package io.kontor.command.web;

import io.kontor.cluster.NodeRole;
import io.kontor.cluster.NodeRoles;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.core.env.Environment;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Answers requests whose outcome comes later: at once that they are accepted or, when the client
 * prefers to wait and it comes in time, with what came of them. The waiting is on a virtual thread,
 * and what it looks at is the read model, which any node's progress reaches. A node that does not
 * read accepts without waiting, as a preference allows.
 */
@Component
class Outcomes {
  private static final Duration FIRST_LOOK = Duration.ofMillis(20);
  private static final Duration LAST_LOOK = Duration.ofMillis(250);

  private final QueryGateway queries;
  private final boolean canLook;

  Outcomes(QueryGateway queries, Environment environment) {
    this.queries = queries;
    this.canLook = NodeRoles.of(environment).include(NodeRole.QUERY);
  }

  /**
   * @param location where the thing can be read
   * @param query asks for it
   * @param isReached whether nothing more happens to it by itself
   */
  <A, D> ResponseEntity<?> answer(
      Outcome<A> accepted,
      String location,
      Preference preference,
      Object query,
      Class<D> details,
      Predicate<D> isReached) {
    if (canLook && preference.isToWait()) {
      Optional<D> reached = await(preference.patience(), query, details, isReached);
      if (reached.isPresent()) {
        var outcome = new Outcome<>(reached.get(), accepted.position(), accepted.replayed());
        return ResponseEntity.ok()
            .headers(outcome.ok().getHeaders())
            .header("Location", location)
            .header(Preference.APPLIED, preference.applied())
            .body(reached.get());
      }
    }
    return accepted.accepted(location);
  }

  private <D> Optional<D> await(
      Duration patience, Object query, Class<D> details, Predicate<D> isReached) {
    long end = System.nanoTime() + patience.toNanos();
    Duration pause = FIRST_LOOK;
    while (System.nanoTime() < end && sleep(pause)) {
      Optional<D> now = find(query, details).filter(isReached);
      if (now.isPresent()) {
        return now;
      }
      pause = pause.multipliedBy(2).compareTo(LAST_LOOK) < 0 ? pause.multipliedBy(2) : LAST_LOOK;
    }
    return find(query, details).filter(isReached);
  }

  private <D> Optional<D> find(Object query, Class<D> details) {
    return queries.query(query, ResponseTypes.optionalInstanceOf(details)).join();
  }

  private static boolean sleep(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
