package io.kontor.notifications.stream;

import io.kontor.tenancy.TenantId;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.util.HashMap;
import java.util.Map;

/** Counts the connections of this node and refuses those beyond the limits. */
final class OpenConnections {
  private final Map<TenantId, Integer> ofTenants = new HashMap<>();
  private final Map<User, Integer> ofUsers = new HashMap<>();
  private final StreamLimits limits;
  private int all;

  OpenConnections(StreamLimits limits) {
    this.limits = limits;
  }

  private record User(TenantId tenant, String subject) {}

  /** A connection's place, given back when it is closed. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a place for a user's connection.
   *
   * @throws ProblemException (429) when there is none left
   */
  synchronized Place enter(TenantId tenant, String subject) {
    var user = new User(tenant, subject);
    require(ofUsers.getOrDefault(user, 0) < limits.userConnections(), "the user");
    require(ofTenants.getOrDefault(tenant, 0) < limits.tenantConnections(), "the tenant");
    require(all < limits.connections(), "this node");
    all++;
    ofTenants.merge(tenant, 1, Integer::sum);
    ofUsers.merge(user, 1, Integer::sum);
    return () -> leave(user);
  }

  private synchronized void leave(User user) {
    all--;
    ofTenants.computeIfPresent(user.tenant(), (key, open) -> open == 1 ? null : open - 1);
    ofUsers.computeIfPresent(user, (key, open) -> open == 1 ? null : open - 1);
  }

  synchronized int count() {
    return all;
  }

  private static void require(boolean isFree, String whose) {
    if (!isFree) {
      throw ProblemException.tryAgain(
          ProblemType.TOO_MANY_STREAMS,
          "%s has as many streams of notifications open as may be; close another".formatted(whose));
    }
  }
}
