package io.kontor.notifications.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kontor.redis.RedisNode;
import io.kontor.redis.RedisNodes;
import io.kontor.tenancy.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Signals by Redis, each user's through the server that the ring names: the database's commits need
 * no NOTIFY, one of which is sent at a time. What Redis does not take goes by NOTIFY after all.
 */
public final class RedisSignals implements UserSignals {
  private static final Logger LOG = LoggerFactory.getLogger(RedisSignals.class);

  private final RedisNodes nodes;
  private final PostgresSignals otherwise;

  public RedisSignals(RedisNodes nodes, PostgresSignals otherwise) {
    this.nodes = nodes;
    this.otherwise = otherwise;
  }

  @Override
  public void send(TenantId tenant, Set<String> subjects) {
    List<String> users = UserSignal.digests(tenant, subjects);
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            publish(users);
          }
        });
  }

  private void publish(List<String> users) {
    Map<RedisNode, List<String>> byNode = new HashMap<>();
    List<String> withoutNode = new ArrayList<>();
    for (String user : users) {
      List<RedisNode> owners = nodes.nodesOf(user);
      List<String> group =
          owners.isEmpty()
              ? withoutNode
              : byNode.computeIfAbsent(owners.getFirst(), node -> new ArrayList<>());
      group.add(user);
    }
    byNode.forEach(this::publish);
    if (!withoutNode.isEmpty()) {
      sendOtherwise(withoutNode);
    }
  }

  private void publish(RedisNode node, List<String> users) {
    for (String payload : UserSignal.payloads(users)) {
      var _ =
          node.publish(UserSignal.REDIS_CHANNEL, payload.getBytes(US_ASCII))
              .whenComplete(
                  (listeners, failure) -> {
                    if (failure != null) {
                      sendOtherwise(UserSignal.users(payload));
                    }
                  });
    }
  }

  /** In a thread of its own: Redis' threads must not wait for the database. */
  private void sendOtherwise(List<String> users) {
    Thread.ofVirtual()
        .name("notification-signal")
        .start(
            () -> {
              try {
                otherwise.send(users);
              } catch (DataAccessException unavailable) {
                // Streams look for themselves with their next heartbeat.
                LOG.debug("signal not sent cause={}", unavailable.toString());
              }
            });
  }
}
