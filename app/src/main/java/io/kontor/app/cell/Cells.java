package io.kontor.app.cell;

import io.kontor.database.DatabaseTimeouts;
import io.kontor.eventstore.axonserver.AxonServerProperties;
import io.kontor.integration.kafka.OnKafkaCondition;
import io.kontor.notifications.stream.NotificationStreams;
import io.kontor.operations.tenant.TenantDatabases;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredCell;
import io.kontor.tenancy.registry.RegisteredTenant;
import io.kontor.tenancy.registry.TenantDirectory;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.tenancy.registry.TenantRegistry;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The cells of this node. Each registered cell is opened at start, or soon after its registration
 * at another node, and closed soon after that has ended. One that can't be opened is tried again;
 * only its tenant is not served meanwhile.
 */
@Component
class Cells implements SmartLifecycle, TenantDatabases {
  private static final Logger LOG = LoggerFactory.getLogger(Cells.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** After a longer time without a look, changes of places may have been missed. */
  private static final Duration KNOWN_FOR = TenantDirectory.LATELY.dividedBy(2);

  /** A start waits no longer for cells; their tenants get 503 until they are open. */
  private static final Duration START_LIMIT = Duration.ofSeconds(20);

  private final Map<TenantId, Cell> open = new ConcurrentHashMap<>();
  private final Map<TenantId, String> failures = new ConcurrentHashMap<>();
  private final Map<TenantId, Object> locks = new ConcurrentHashMap<>();

  /** Tenants whose cells are open and not registered yet. */
  private final Set<TenantId> beingCreated = ConcurrentHashMap.newKeySet();

  /** Tenants whose cells are being opened or closed. */
  private final Map<TenantId, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  private final TenantRegistry tenants;
  private final TenantDirectory directory;
  private final CellDatabases databases;
  private final SharedParts shared;
  private final NotificationStreams streams;
  private final DatabaseTimeouts timeouts;
  private final Environment environment;
  private volatile @Nullable Thread thread;
  private volatile @Nullable ExecutorService changes;

  /** In {@link System#nanoTime}. */
  private long looked;

  Cells(
      TenantRegistry tenants,
      TenantDirectory directory,
      CellDatabases databases,
      SharedParts shared,
      NotificationStreams streams,
      DatabaseTimeouts timeouts,
      Environment environment) {
    this.tenants = tenants;
    this.directory = directory;
    this.databases = databases;
    this.shared = shared;
    this.streams = streams;
    this.timeouts = timeouts;
    this.environment = environment;
  }

  /** The tenant's cell in the place where it is, if that is open on this node. */
  Optional<Cell> find(TenantId tenant) {
    return open.containsKey(tenant)
        ? tenants.placeOf(tenant).flatMap(place -> openAt(tenant, place.isolation()))
        : Optional.empty();
  }

  private Optional<Cell> openAt(TenantId tenant, TenantIsolation isolation) {
    return Optional.ofNullable(open.get(tenant)).filter(cell -> cell.isolation() == isolation);
  }

  /** The open cells. */
  Map<TenantId, Cell> open() {
    return Map.copyOf(open);
  }

  /** Why cells are not open, by their tenant's id. */
  Map<String, String> failures() {
    Map<String, String> byId = new TreeMap<>();
    failures.forEach((tenant, reason) -> byId.put(tenant.value(), reason));
    return byId;
  }

  @Override
  public void create(TenantId tenant, TenantIsolation isolation, String name) {
    CellDatabase database = described(tenant, isolation, "/isolation");
    beingCreated.add(tenant);
    try {
      open(tenant, database)
          .part(TenantRegistry.class)
          .register(tenant, name, TenantIsolation.ROW, null);
      directory.register(database.of(tenant));
    } catch (RuntimeException e) {
      LOG.warn("cell not created tenant={} reason={}", tenant, reason(e));
      throw ProblemException.tryAgain(
          ProblemType.DATABASE_UNAVAILABLE, "the tenant's database can't be opened; see the log");
    } finally {
      beingCreated.remove(tenant);
    }
  }

  @Override
  public void requireDescribed(TenantId tenant, TenantIsolation isolation) {
    described(tenant, isolation, "/to");
  }

  private CellDatabase described(TenantId tenant, TenantIsolation isolation, String pointer) {
    try {
      return require(tenant, isolation);
    } catch (IllegalStateException impossible) {
      throw ProblemException.invalid(
          pointer, "can't be %s: %s".formatted(isolation, impossible.getMessage()));
    }
  }

  /**
   * The schema or database of a tenant.
   *
   * @throws IllegalStateException when none is described, or this bank can't have cells
   */
  CellDatabase require(TenantId tenant, TenantIsolation isolation) {
    requireSupported();
    return databases
        .find(tenant, isolation)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no database is described for it: set %s on every node"
                        .formatted(CellDatabases.setting(tenant))));
  }

  private void requireSupported() {
    if (AxonServerProperties.areNeeded(environment)) {
      throw new IllegalStateException("with Axon Server there is one event store");
    }
    if (OnKafkaCondition.isOn(environment)) {
      throw new IllegalStateException("with Kafka there is one publisher");
    }
  }

  /** Opens a tenant's cell, unless it is open. */
  Cell open(TenantId tenant, CellDatabase database) {
    synchronized (locks.computeIfAbsent(tenant, _ -> new Object())) {
      Optional<Cell> known = openAt(tenant, database.isolation());
      if (known.isPresent()) {
        return known.get();
      }
      long begun = System.nanoTime();
      database.requireReachable(timeouts);
      Cell former = open.get(tenant); // that of another place
      if (former != null) {
        former.removeMeters();
      }
      Cell cell = Cell.open(tenant, database, shared);
      open.put(tenant, cell);
      failures.remove(tenant);
      LOG.info(
          "cell opened tenant={} address={} ms={}",
          tenant,
          database.address(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
      if (former != null) {
        close(tenant, former); // not before, as the tenant waits
      }
      return cell;
    }
  }

  /** Closes a tenant's cell, if it is open. */
  void close(TenantId tenant) {
    synchronized (locks.computeIfAbsent(tenant, _ -> new Object())) {
      Cell cell = open.remove(tenant);
      if (cell != null) {
        close(tenant, cell);
      }
    }
  }

  private static void close(TenantId tenant, Cell cell) {
    cell.close();
    LOG.info("cell closed tenant={}", tenant);
  }

  private void openOrReport(RegisteredCell registered) {
    TenantId tenant = registered.tenant();
    try {
      if (!isRegistered(tenant, registered.isolation())) {
        return; // moved since it was read
      }
      CellDatabase database = require(tenant, registered.isolation());
      open(tenant, database);
      if (!database.address().equals(registered.address())) {
        LOG.warn(
            "cell moved tenant={} from={} to={}", tenant, registered.address(), database.address());
        directory.register(database.of(tenant));
      }
    } catch (RuntimeException e) {
      String reason = reason(e);
      if (!reason.equals(failures.put(tenant, reason))) {
        LOG.warn("cell not opened tenant={} reason={}", tenant, reason);
      }
    }
  }

  /** Closes a tenant's cell, if it is open and the tenant is not there any more. */
  void closeUnlessRegistered(TenantId tenant) {
    Cell cell = open.get(tenant);
    if (cell != null && !isRegistered(tenant, cell.isolation())) {
      close(tenant);
    }
  }

  private boolean isRegistered(TenantId tenant, TenantIsolation isolation) {
    return directory
        .find(tenant)
        .map(RegisteredTenant::cell)
        .filter(cell -> cell.isolation() == isolation)
        .isPresent();
  }

  private static String reason(Throwable failure) {
    String message = NestedExceptionUtils.getMostSpecificCause(failure).getMessage();
    return message == null ? failure.toString() : message.lines().findFirst().orElse("");
  }

  @Override
  public void start() {
    var tried = new CompletableFuture<Void>();
    looked = System.nanoTime();
    changes = Executors.newVirtualThreadPerTaskExecutor();
    Thread watch = Thread.ofVirtual().name("cells").unstarted(() -> run(tried));
    thread = watch;
    watch.start();
    try {
      tried.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("start goes on before all cells are open open={}", open.size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(CompletableFuture<Void> tried) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        look();
      } catch (RuntimeException e) {
        LOG.debug("cells not read cause={}", e.toString());
      }
      if (!tried.isDone()) {
        var _ =
            CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new))
                .whenComplete((all, failure) -> tried.complete(null));
      }
      try {
        Thread.sleep(LOOK_EVERY);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Waits for no cell: one whose database is silent or migrated holds up nothing else. */
  private void look() {
    forgetWhatHasMoved();
    streams.endUnless(this::isServedWithoutCell);
    List<RegisteredCell> cells = directory.cells();
    Set<TenantId> registered =
        cells.stream().map(RegisteredCell::tenant).collect(Collectors.toSet());
    Set<TenantId> gone = new HashSet<>(open.keySet());
    gone.removeAll(beingCreated);
    gone.removeAll(registered);
    failures.keySet().retainAll(registered);
    gone.forEach(tenant -> change(tenant, () -> closeUnlessRegistered(tenant)));
    cells.stream()
        .filter(cell -> openAt(cell.tenant(), cell.isolation()).isEmpty())
        .forEach(cell -> change(cell.tenant(), () -> openOrReport(cell)));
  }

  private void forgetWhatHasMoved() {
    long now = System.nanoTime();
    List<TenantId> moved = directory.placedLately();
    if (now - looked < KNOWN_FOR.toNanos()) {
      moved.forEach(tenants::forget);
    } else {
      tenants.forgetAll();
    }
    looked = now;
  }

  private boolean isServedWithoutCell(TenantId tenant) {
    return tenants.placeOf(tenant).filter(place -> !place.isolation().isCell()).isPresent();
  }

  /** Begins to open or close a tenant's cell, unless that is under way. */
  private void change(TenantId tenant, Runnable change) {
    ExecutorService threads = changes;
    if (threads != null && !underWay.containsKey(tenant)) {
      var ended = new CompletableFuture<Void>();
      underWay.put(tenant, ended);
      threads.execute(
          () -> {
            try {
              change.run();
            } catch (RuntimeException e) {
              LOG.debug("cell not changed tenant={} cause={}", tenant, e.toString());
            } finally {
              underWay.remove(tenant);
              ended.complete(null);
            }
          });
    }
  }

  @Override
  public void stop() {
    Thread watch = thread;
    thread = null;
    if (watch != null) {
      watch.interrupt();
      try {
        watch.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    ExecutorService threads = changes;
    changes = null;
    if (threads != null) {
      threads.shutdownNow();
      threads.close();
    }
    try (var closing = Executors.newVirtualThreadPerTaskExecutor()) {
      open.values().forEach(cell -> closing.execute(cell::close));
    }
    open.clear();
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /** Started before the web server, and stopped after it. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 4096;
  }
}
