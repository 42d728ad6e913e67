package io.kontor.command.http;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of this node that wait for an outcome. One thread polls for all of them, with one
 * query per tenant and kind. It runs only while a request waits.
 */
final class OutcomeWaiters {
  /** The maximum number of waiting requests per tenant and kind; it bounds the query. */
  static final int OF_A_TENANT = 1_000;

  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final Logger log = LoggerFactory.getLogger(OutcomeWaiters.class);

  private final QueryGateway queries;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Group, Set<Waiter>> waiters = new HashMap<>();
  private boolean running;

  OutcomeWaiters(QueryGateway queries) {
    this.queries = queries;
  }

  private record Group(TenantId tenant, Awaited<?> kind) {}

  private record Waiter(UUID id, CompletableFuture<Void> reached) {}

  /**
   * Waits until {@code id} of the bound tenant is at rest in the read model.
   *
   * @return false on timeout, or when too many requests wait already
   */
  boolean await(Awaited<?> kind, UUID id, Duration timeout) {
    var group = new Group(TenantContext.current(), kind);
    var waiter = new Waiter(id, new CompletableFuture<>());
    if (!register(group, waiter)) {
      return false;
    }
    try {
      waiter.reached().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      unregister(group, List.of(waiter));
    }
  }

  private boolean register(Group group, Waiter waiter) {
    lock.lock();
    try {
      Set<Waiter> same = waiters.computeIfAbsent(group, _ -> new LinkedHashSet<>());
      if (same.size() >= OF_A_TENANT) {
        return false;
      }
      same.add(waiter);
      if (!running) {
        Thread.ofVirtual().name("outcomes").start(this::run);
        running = true;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void unregister(Group group, Collection<Waiter> removed) {
    lock.lock();
    try {
      waiters.computeIfPresent(
          group,
          (_, same) -> {
            removed.forEach(same::remove);
            return same.isEmpty() ? null : same;
          });
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (var waiting = waiting(); !waiting.isEmpty(); waiting = waiting()) {
      waiting.forEach(this::lookUp);
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
  }

  /**
   * The current waiters. When there are none, the thread ends; the next waiter starts a new one.
   */
  private Map<Group, List<Waiter>> waiting() {
    lock.lock();
    try {
      running = !waiters.isEmpty();
      Map<Group, List<Waiter>> waiting = new HashMap<>();
      waiters.forEach((group, same) -> waiting.put(group, new ArrayList<>(same)));
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  private void lookUp(Group group, List<Waiter> same) {
    try {
      Set<UUID> ids = same.stream().map(Waiter::id).collect(Collectors.toSet());
      Set<UUID> atRest = TenantContext.call(group.tenant(), () -> atRest(group.kind(), ids));
      List<Waiter> done = same.stream().filter(one -> atRest.contains(one.id())).toList();
      unregister(group, done);
      done.forEach(one -> one.reached().complete(null));
    } catch (RuntimeException e) {
      log.debug("outcome look-up failed cause={}", e.toString());
    }
  }

  private Set<UUID> atRest(Awaited<?> kind, Set<UUID> ids) {
    return Set.copyOf(
        queries
            .query(kind.whichAreAtRest().apply(ids), ResponseTypes.multipleInstancesOf(UUID.class))
            .join());
  }
}
