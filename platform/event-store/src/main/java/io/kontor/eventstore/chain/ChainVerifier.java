package io.kontor.eventstore.chain;

import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.EventErased;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.read.EventReader;
import io.kontor.tenancy.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the hash chain of a tenant, or of every one, from its first event. It reads each event
 * once, in order, and keeps one hash per tenant, so memory does not grow with the history.
 */
public final class ChainVerifier {
  private static final int MAX_FINDINGS = 100;

  private final @Nullable TenantId only;
  private final EventReader events;
  private final Map<TenantId, Set<Sha256>> wanted = new LinkedHashMap<>();
  private final Map<TenantId, Head> heads = new TreeMap<>(ChainVerifier::byName);
  private final List<Finding> findings = new ArrayList<>();
  private Set<String> closed = Set.of();
  private long expected = 1;

  /**
   * The last event of a tenant's chain.
   *
   * @param position its position in this store
   * @param events the length of the chain
   */
  public record Head(TenantId tenant, long position, long events, Sha256 hash) {}

  /**
   * A difference between a chain and the stored events.
   *
   * @param position the first position that shows it
   */
  public record Finding(long position, String what) {}

  /** Verifies the chains of all tenants, and that no position is missing. */
  public ChainVerifier(EventReader events) {
    this(null, events);
  }

  private ChainVerifier(@Nullable TenantId only, EventReader events) {
    this.only = only;
    this.events = events;
  }

  /** Verifies the chain of one tenant, whose positions are not dense. */
  public static ChainVerifier of(TenantId tenant, EventReader events) {
    return new ChainVerifier(tenant, events);
  }

  /** Requires that a tenant's chain contains a hash that was recorded elsewhere. */
  public void mustContain(TenantId tenant, Sha256 hash) {
    wanted.computeIfAbsent(tenant, t -> new LinkedHashSet<>()).add(hash);
  }

  /**
   * Verifies every event up to {@code head}.
   *
   * @param reached receives each position passed
   * @return the differences, by position, at most a hundred; after a broken link the check
   *     continues from the stored hash, so each finding is one change
   */
  public List<Finding> run(long head, LongConsumer reached) {
    closed = events.closedTenants();
    events.forEach(
        only,
        0,
        head,
        event -> {
          check(event);
          reached.accept(event.position());
        });
    if (only == null && expected <= head) {
      found(expected, "events %d to %d are missing".formatted(expected, head));
    }
    wanted.forEach(
        (tenant, hashes) ->
            hashes.forEach(
                hash ->
                    found(
                        end(tenant) + 1,
                        "tenant %s: the chain has no event with the hash %s that was kept: its last events were removed, or all were chained anew"
                            .formatted(tenant, hash))));
    return List.copyOf(findings);
  }

  /** The last event of each chain, by tenant. */
  public List<Head> heads() {
    return List.copyOf(heads.values());
  }

  private void check(StoredEvent event) {
    if (only == null && event.position() != expected) {
      found(
          expected,
          event.position() == expected + 1
              ? "event %d is missing".formatted(expected)
              : "events %d to %d are missing".formatted(expected, event.position() - 1));
    }
    expected = event.position() + 1;
    TenantId tenant = event.stream().tenant();
    Head before = heads.getOrDefault(tenant, new Head(tenant, 0, 0, EventChain.START));
    if (!isErased(event) && !EventChain.next(before.hash(), event).equals(event.hash())) {
      found(
          event.position(),
          "tenant %s, stream %s #%d (%s): not what was chained here after position %d: the event was changed or put in, or one before it was taken out"
              .formatted(
                  tenant, event.stream(), event.sequence(), event.type(), before.position()));
    }
    heads.put(tenant, new Head(tenant, event.position(), before.events() + 1, event.hash()));
    Set<Sha256> hashes = wanted.get(tenant);
    if (hashes != null) {
      hashes.remove(event.hash());
    }
  }

  /** Of a tenant that is served, no event may be. */
  private boolean isErased(StoredEvent event) {
    return event.type().equals(EventErased.NAME)
        && closed.contains(event.stream().tenant().value());
  }

  private long end(TenantId tenant) {
    Head head = heads.get(tenant);
    return head == null ? 0 : head.position();
  }

  private void found(long position, String what) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(position, what));
    }
  }

  private static int byName(TenantId one, TenantId other) {
    return one.value().compareTo(other.value());
  }
}
