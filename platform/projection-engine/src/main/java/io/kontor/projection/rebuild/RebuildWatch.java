package io.kontor.projection.rebuild;

import io.kontor.projection.Poller;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Sends the state of rebuilds to all watchers, with one query per poll. */
public final class RebuildWatch {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private final RebuildRepository rebuilds;
  private final Poller poller;

  public RebuildWatch(RebuildRepository rebuilds) {
    this.rebuilds = rebuilds;
    this.poller = new Poller("rebuild-watch", POLL_INTERVAL, () -> !watchers.isEmpty(), this::poll);
  }

  /** Watches one rebuild until it is closed. */
  public final class Watcher implements AutoCloseable {
    private final UUID id;
    private final BlockingQueue<Rebuild> newest = new ArrayBlockingQueue<>(1);

    private Watcher(UUID id) {
      this.id = id;
    }

    /** Waits for a state newer than the last one; of several only the newest is kept. */
    public Rebuild next() throws InterruptedException {
      return newest.take();
    }

    private void see(Rebuild state) {
      while (!newest.offer(state)) {
        newest.poll();
      }
    }

    @Override
    public void close() {
      watchers.remove(this);
    }
  }

  public Watcher watch(UUID id) {
    var watcher = new Watcher(id);
    watchers.add(watcher);
    poller.wake();
    return watcher;
  }

  private void poll() {
    Set<UUID> wanted = watchers.stream().map(watcher -> watcher.id).collect(Collectors.toSet());
    Map<UUID, Rebuild> now =
        rebuilds.find(wanted).stream().collect(Collectors.toMap(Rebuild::id, one -> one));
    for (Watcher watcher : watchers) {
      Rebuild rebuild = now.get(watcher.id);
      if (rebuild != null) {
        watcher.see(rebuild);
      }
    }
  }
}
