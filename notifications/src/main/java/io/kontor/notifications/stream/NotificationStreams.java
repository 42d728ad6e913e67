package io.kontor.notifications.stream;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.web.problem.ProblemException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.springframework.context.SmartLifecycle;

/**
 * The connections over which users receive their notifications: of this node's shared part, or of
 * one of its cells.
 */
public final class NotificationStreams implements SmartLifecycle {
  private final Set<NotificationStream> streams = ConcurrentHashMap.newKeySet();
  private final NewsSignals signals;
  private final OpenConnections open;
  private final StreamLimits limits;
  private final InstantSource clock;
  private volatile boolean running;

  /**
   * @param open the connections of the whole node
   */
  public NotificationStreams(
      NewsSignals signals, OpenConnections open, StreamLimits limits, InstantSource clock) {
    this.signals = signals;
    this.open = open;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Opens a stream for a user of the current tenant.
   *
   * @param network what of the client's address is counted
   * @param expires when the client's token does
   * @throws ProblemException (429) when too many connections are open
   */
  public NotificationStream open(String subject, String network, Instant expires) {
    TenantId tenant = TenantContext.current();
    OpenConnections.Place place = open.enter(tenant, subject, network);
    NewsSignals.Signal signal = signals.open(tenant, subject);
    var stream =
        new NotificationStream(
            tenant,
            subject,
            signal,
            limits.heartbeat(),
            expires,
            clock,
            closed -> {
              streams.remove(closed);
              signal.close();
              place.close();
            });
    streams.add(stream);
    if (!running) {
      stream.end();
    }
    return stream;
  }

  /**
   * Opens a stream that ends after {@link StreamLimits#longest()}, if its token does not earlier.
   */
  public NotificationStream openResponse(String subject, String network, Instant expires) {
    Instant longest = clock.instant().plus(limits.longest());
    return open(subject, network, expires.isBefore(longest) ? expires : longest);
  }

  /**
   * Ends the streams of the tenants that are not served here any more: what their users are
   * notified of is elsewhere, and so is the stream that their clients open then.
   */
  public void endUnless(Predicate<TenantId> isServed) {
    Set<TenantId> gone = streams.stream().map(NotificationStream::tenant).collect(toSet());
    gone.removeIf(isServed);
    streams.stream()
        .filter(stream -> gone.contains(stream.tenant()))
        .forEach(NotificationStream::end);
  }

  /** How many connections there are. */
  public int openConnections() {
    return streams.size();
  }

  /** The subjects that have a connection, by tenant. */
  public Map<TenantId, Set<String>> users() {
    return streams.stream()
        .collect(
            groupingBy(NotificationStream::tenant, mapping(NotificationStream::subject, toSet())));
  }

  @Override
  public void start() {
    running = true;
  }

  /** Ends all connections: the server waits for its requests when it stops. */
  @Override
  public void stop() {
    running = false;
    streams.forEach(NotificationStream::end);
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
