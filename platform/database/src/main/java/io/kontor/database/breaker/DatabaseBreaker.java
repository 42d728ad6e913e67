package io.kontor.database.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A circuit breaker around one way of using one database. While it is open, it probes the database
 * with a new connection, since a request needs one too: a probe over a connection that was kept
 * would not see that the login is refused or that the connections are used up.
 */
public final class DatabaseBreaker implements MeterBinder, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DatabaseBreaker.class);
  private static final float ALL_PERCENT = 100;
  private static final long BETWEEN_LOOKS_MILLIS = 20;

  /** The probing thread ends it. */
  private static final Duration OPEN_UNTIL_CHANGED = Duration.ofDays(365);

  private static final String READS = "select true";
  private static final String WRITES =
      "select not current_setting('transaction_read_only')::boolean";

  private final CircuitBreaker circuit;
  private final DataSource probed;
  private final String probe;
  private final BreakerProperties properties;
  private final Map<State, AtomicLong> changes = new ConcurrentHashMap<>();

  /** How often trials began; counted while open, when no permit is given. */
  private final AtomicLong rounds = new AtomicLong();

  private volatile Runnable preparation = () -> {};
  private volatile @Nullable Thread probing;
  private volatile boolean ended;
  private volatile String lastFailure = "";

  private DatabaseBreaker(
      String name, BreakerProperties properties, DataSource probed, String probe) {
    this.probed = probed;
    this.probe = probe;
    this.properties = properties;
    circuit =
        CircuitBreaker.of(
            "database-" + name,
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                // All of the window: these are failures in a row.
                .slidingWindowSize(properties.failures())
                .minimumNumberOfCalls(properties.failures())
                .failureRateThreshold(ALL_PERCENT)
                .waitDurationInOpenState(OPEN_UNTIL_CHANGED)
                .permittedNumberOfCallsInHalfOpenState(properties.successes())
                .build());
    circuit
        .getEventPublisher()
        .onStateTransition(
            event ->
                entered(
                    event.getStateTransition().getFromState(),
                    event.getStateTransition().getToState()));
  }

  /**
   * A breaker for reads.
   *
   * @param name as it appears in logs and metrics
   * @param probed opens connections of the login that reads, with short timeouts
   */
  public static DatabaseBreaker ofReads(
      String name, BreakerProperties properties, DataSource probed) {
    return new DatabaseBreaker(name, properties, probed, READS);
  }

  /** A breaker for writes: a database that is read-only counts as away. */
  public static DatabaseBreaker ofWrites(
      String name, BreakerProperties properties, DataSource probed) {
    return new DatabaseBreaker(name, properties, probed, WRITES);
  }

  /** What to do when a probe has succeeded, before the first uses are permitted. */
  public void beforeTrials(Runnable preparation) {
    this.preparation = preparation;
  }

  /** Whether every use is refused now. */
  public boolean isOpen() {
    return circuit.getState() == State.OPEN;
  }

  /** {@code closed}, {@code open} or {@code half_open}. */
  public String state() {
    return circuit.getState().name().toLowerCase(Locale.ROOT);
  }

  /** Waits until uses are permitted, or the breaker is closed for good. */
  public void awaitTrials() throws InterruptedException {
    while (isOpen() && !ended) {
      Thread.sleep(BETWEEN_LOOKS_MILLIS);
    }
  }

  /** The database could not be used, by something that needs no permission. */
  public void failed(Throwable outage) {
    new Permit().failed(outage);
  }

  /** Permission for one use of the database, to be ended once; null when it is refused. */
  public @Nullable Permit tryAcquire() {
    return circuit.tryAcquirePermission() ? new Permit() : null;
  }

  /** The state and how often each state was entered. */
  @Override
  public void bindTo(MeterRegistry meters) {
    for (State state : new State[] {State.CLOSED, State.OPEN, State.HALF_OPEN}) {
      Gauge.builder("kontor.database.breaker.state", () -> circuit.getState() == state ? 1 : 0)
          .description("1 while the breaker is in the state")
          .tag("breaker", circuit.getName())
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(meters);
      FunctionCounter.builder("kontor.database.breaker.changes", changesTo(state), AtomicLong::get)
          .description("how often the breaker came into the state")
          .tag("breaker", circuit.getName())
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
  }

  @Override
  public void close() {
    ended = true;
    Thread running = probing;
    if (running != null) {
      running.interrupt();
    }
  }

  private AtomicLong changesTo(State state) {
    return changes.computeIfAbsent(state, _ -> new AtomicLong());
  }

  private void entered(State from, State to) {
    changesTo(to).incrementAndGet();
    report(from, to);
    if (to == State.OPEN && !ended) {
      probing =
          Thread.ofVirtual().name("probe-" + circuit.getName()).start(this::probeUntilItAnswers);
    }
  }

  /** An outage's begin and end; a full disk passes its probe and fails its trial each second. */
  private void report(State from, State to) {
    if (from == State.CLOSED) {
      log.warn("database-breaker name={} state=open cause=\"{}\"", circuit.getName(), lastFailure);
    } else if (to == State.CLOSED) {
      log.info("database-breaker name={} state=closed", circuit.getName());
    } else {
      log.debug("database-breaker name={} state={}", circuit.getName(), to);
    }
  }

  private void probeUntilItAnswers() {
    long opened = System.nanoTime();
    boolean answers = false;
    try {
      while (!answers && System.nanoTime() - opened < properties.openFor().toNanos()) {
        Thread.sleep(properties.probeEvery());
        answers = answers();
      }
      halfOpen();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers() {
    try (var connection = probed.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(probe)) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException | RuntimeException away) {
      log.debug("probe failed name={}", circuit.getName(), away);
      return false;
    }
  }

  private void halfOpen() {
    if (!ended) {
      preparation.run();
      rounds.incrementAndGet();
      circuit.transitionToHalfOpenState();
    }
  }

  /** Opens a half-open circuit at its first failure; by itself it would await all of its trials. */
  private synchronized void openAgain() {
    if (circuit.getState() == State.HALF_OPEN) {
      circuit.transitionToOpenState();
    }
  }

  /**
   * One use of the database. An outcome is ignored when trials have begun since: it says nothing
   * about the database as it is now.
   */
  public final class Permit {
    private final long round = rounds.get();
    private final long start = circuit.getCurrentTimestamp();

    private Permit() {}

    /** The database answered, if only with an error of the request's own. */
    public void succeeded() {
      if (isCurrent()) {
        circuit.onSuccess(elapsed(), circuit.getTimestampUnit());
      }
    }

    /** The database could not be used. */
    public void failed(Throwable outage) {
      if (isCurrent()) {
        lastFailure = String.valueOf(outage.getMessage()).replaceAll("\\s+", " ");
        circuit.onError(elapsed(), circuit.getTimestampUnit(), outage);
        openAgain();
      }
    }

    /** The outcome says nothing about the database. */
    public void released() {
      if (isCurrent()) {
        circuit.releasePermission();
      }
    }

    private boolean isCurrent() {
      return rounds.get() == round;
    }

    private long elapsed() {
      return circuit.getCurrentTimestamp() - start;
    }
  }
}
