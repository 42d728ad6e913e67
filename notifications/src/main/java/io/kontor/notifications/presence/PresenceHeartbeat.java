package io.kontor.notifications.presence;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Says again and again which users are connected to this node, once for all of a tenant. */
public final class PresenceHeartbeat implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(PresenceHeartbeat.class);

  private final UUID node = UUID.randomUUID();
  private final Supplier<Map<TenantId, Set<String>>> connected;
  private final PresenceStore store;
  private final Duration interval;
  private Set<TenantId> before = Set.of();
  private @Nullable Thread thread;

  /**
   * @param connected the subjects that have a connection to this node, by tenant
   */
  public PresenceHeartbeat(
      Supplier<Map<TenantId, Set<String>>> connected, PresenceStore store, Duration interval) {
    this.connected = connected;
    this.store = store;
    this.interval = interval;
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("presence").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(interval.toNanos());
        beat(connected.get());
      }
    } catch (InterruptedException stopping) {
      beat(Map.of());
    }
  }

  private void beat(Map<TenantId, Set<String>> users) {
    Set<TenantId> tenants = new HashSet<>(before);
    tenants.addAll(users.keySet());
    try {
      for (TenantId tenant : tenants) {
        Set<String> subjects = users.getOrDefault(tenant, Set.of());
        TenantContext.run(tenant, () -> store.seen(node, subjects));
      }
      before = users.keySet();
    } catch (RuntimeException unavailable) {
      before = tenants;
      LOG.warn("presence not stored cause={}", unavailable.toString());
    }
  }

  /** Users of a node that stops are gone at once. */
  @Override
  public void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
      try {
        running.join(interval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }
}
