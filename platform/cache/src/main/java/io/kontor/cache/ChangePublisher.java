package io.kontor.cache;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces the changes of this process by NOTIFY, on its own thread and outside of the transaction
 * that made them, whose commit would wait for other notifying ones. What is lost leaves a gap in
 * the positions, which receivers detect.
 */
public final class ChangePublisher implements AutoCloseable {
  static final String CHANNEL = "changes";
  static final String ALL = "*";

  /** A payload has at most 8000 bytes; a bucket takes four. */
  private static final int BUCKETS_A_PAYLOAD = 1_800;

  /** More than that many are announced as a change of all rows. */
  private static final int BUCKETS_AT_MOST = 4 * BUCKETS_A_PAYLOAD;

  private static final int QUEUE = 10_000;
  private static final int COMMITS_AT_ONCE = 500;
  private static final Logger log = LoggerFactory.getLogger(ChangePublisher.class);

  private final KnownChanges changes;
  private final ReadModelCache cache;
  private final DataSource database;
  private final BlockingQueue<ModelChange> queue = new LinkedBlockingQueue<>(QUEUE);
  private final Thread thread;
  private boolean failing;

  public ChangePublisher(KnownChanges changes, ReadModelCache cache, DataSource database) {
    this.changes = changes;
    this.cache = cache;
    this.database = database;
    thread = Thread.ofPlatform().name("cache-changes").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(2_000);
  }

  /** Makes copies of the changed rows unusable, here at once and elsewhere soon. */
  public void publish(List<ModelChange> committed) {
    for (ModelChange change : committed) {
      changes.apply(change);
      // A full queue drops it: a gap.
      var _ = queue.offer(change);
    }
  }

  private void run() {
    List<ModelChange> taken = new ArrayList<>();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        taken.add(queue.take());
        queue.drainTo(taken, COMMITS_AT_ONCE);
        List<ModelChange> merged = merge(taken);
        announce(merged);
        merged.forEach(cache::invalidate);
        failing = false;
      } catch (InterruptedException stopping) {
        return;
      } catch (SQLException | RuntimeException | Error failure) {
        if (!failing) {
          log.warn("changes not announced cause={}", failure.toString());
        }
        failing = true;
      } finally {
        taken.clear();
      }
    }
  }

  private void announce(List<ModelChange> merged) throws SQLException {
    List<String> payloads = merged.stream().flatMap(change -> payloads(change).stream()).toList();
    try (Connection connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select pg_notify(current_schema() || '_' || ?, p) from unnest(?::text[]) as p")) {
      statement.setString(1, CHANNEL);
      statement.setArray(2, connection.createArrayOf("text", payloads.toArray()));
      statement.execute();
    }
  }

  /** Commits of one model that follow each other become one. */
  static List<ModelChange> merge(List<ModelChange> commits) {
    Map<String, ModelChange> last = new HashMap<>();
    List<ModelChange> merged = new ArrayList<>();
    for (ModelChange change : commits) {
      ModelChange before = last.get(change.model());
      if (before != null
          && before.edition() == change.edition()
          && before.to() == change.from()
          && isSmall(before.keys())) {
        merged.remove(before);
        ModelChange both =
            new ModelChange(
                change.model(),
                change.edition(),
                before.from(),
                change.to(),
                union(before.keys(), change.keys()));
        merged.add(both);
        last.put(change.model(), both);
      } else {
        merged.add(change);
        last.put(change.model(), change);
      }
    }
    return merged;
  }

  private static boolean isSmall(@Nullable Set<CacheKey> keys) {
    return keys != null && keys.size() < BUCKETS_A_PAYLOAD;
  }

  private static @Nullable Set<CacheKey> union(
      @Nullable Set<CacheKey> one, @Nullable Set<CacheKey> other) {
    if (one == null || other == null) {
      return null;
    }
    Set<CacheKey> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  /**
   * Model, edition, from, to, whether it is the last part, and the buckets as three bytes each in
   * Base64 or {@value #ALL}.
   */
  static List<String> payloads(ModelChange change) {
    Set<CacheKey> keys = change.keys();
    if (keys == null || keys.size() > BUCKETS_AT_MOST) {
      return List.of(payload(change, true, ALL));
    }
    int[] buckets = keys.stream().mapToInt(KnownChanges::bucket).distinct().toArray();
    List<String> payloads = new ArrayList<>();
    for (int from = 0; from == 0 || from < buckets.length; from += BUCKETS_A_PAYLOAD) {
      int end = Math.min(buckets.length, from + BUCKETS_A_PAYLOAD);
      byte[] bytes = new byte[3 * (end - from)];
      for (int i = from; i < end; i++) {
        bytes[3 * (i - from)] = (byte) (buckets[i] >> 16);
        bytes[3 * (i - from) + 1] = (byte) (buckets[i] >> 8);
        bytes[3 * (i - from) + 2] = (byte) buckets[i];
      }
      payloads.add(
          payload(change, end == buckets.length, Base64.getEncoder().encodeToString(bytes)));
    }
    return payloads;
  }

  private static String payload(ModelChange change, boolean isLast, String buckets) {
    return "%s %d %d %d %s %s"
        .formatted(
            change.model(),
            change.edition(),
            change.from(),
            change.to(),
            isLast ? "." : "+",
            buckets);
  }
}
