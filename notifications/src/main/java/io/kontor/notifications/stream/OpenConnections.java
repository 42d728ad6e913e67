package io.kontor.notifications.stream;

import io.kontor.tenancy.TenantId;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.util.HashMap;
import java.util.Map;

/** Counts the connections of this node, of all its cells, and refuses those beyond the limits. */
public final class OpenConnections {
  private final Map<TenantId, Integer> ofTenants = new HashMap<>();
  private final Map<User, Integer> ofUsers = new HashMap<>();
  private final Map<String, Integer> ofNetworks = new HashMap<>();
  private final StreamLimits limits;
  private int all;

  public OpenConnections(StreamLimits limits) {
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
   * @param network what of the client's address is counted
   * @throws ProblemException (429) when there is none left
   */
  synchronized Place enter(TenantId tenant, String subject, String network) {
    var user = new User(tenant, subject);
    require(ofUsers.getOrDefault(user, 0) < limits.userConnections(), "the user");
    require(ofTenants.getOrDefault(tenant, 0) < limits.tenantConnections(), "the tenant");
    require(ofNetworks.getOrDefault(network, 0) < limits.addressConnections(), "the address");
    require(all < limits.connections(), "this node");
    all++;
    ofTenants.merge(tenant, 1, Integer::sum);
    ofUsers.merge(user, 1, Integer::sum);
    ofNetworks.merge(network, 1, Integer::sum);
    return () -> leave(user, network);
  }

  private synchronized void leave(User user, String network) {
    all--;
    decrease(ofTenants, user.tenant());
    decrease(ofUsers, user);
    decrease(ofNetworks, network);
  }

  private static <K> void decrease(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (same, open) -> open == 1 ? null : open - 1);
  }

  private static void require(boolean isFree, String whose) {
    if (!isFree) {
      throw ProblemException.tryAgain(
          ProblemType.TOO_MANY_STREAMS,
          "%s has as many streams of notifications open as may be; close another".formatted(whose));
    }
  }
}
