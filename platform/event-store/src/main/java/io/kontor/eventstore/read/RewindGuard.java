package io.kontor.eventstore.read;

import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.event.Sha256;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that the database has been rewound: a backup restored under a running node, or a failover
 * to a replica that lacked the last commits. The newest event that this node has written or read
 * must still exist. If it does not, the node accepts no commands and its event processors stop
 * until it is restarted, because its memory holds events that are lost.
 */
public final class RewindGuard {
  private static final Logger log = LoggerFactory.getLogger(RewindGuard.class);

  private static final String NEWEST_AND_ANCHOR =
      """
      select newest.position, newest.hash, anchor.hash
      from (select) always
      left join lateral (
        select position, hash from event order by position desc limit 1
      ) newest on true
      left join event anchor on anchor.position = ?
      """;

  private final Consumer<String> onRewind;
  private volatile HistoryAnchor newest = HistoryAnchor.START;
  private volatile @Nullable String rewound;

  /**
   * @param onRewind stops this node's work, with the reason; called once
   */
  public RewindGuard(Consumer<String> onRewind) {
    this.onRewind = onRewind;
  }

  /** The newest event that this node has written or read. */
  public HistoryAnchor newest() {
    return newest;
  }

  /** Records the newest event that this node has written or read. */
  public synchronized void saw(HistoryAnchor anchor) {
    if (anchor.position() > newest.position()) {
      newest = anchor;
    }
  }

  /**
   * Compares the event at a position with the known one.
   *
   * @param found the stored hash; null when there is no event
   * @throws RewoundException when they differ, now or in an earlier check
   */
  public void compare(HistoryAnchor known, @Nullable Sha256 found) {
    if (known.position() > 0 && !known.hash().equals(found)) {
      stop(known.position());
    }
    if (rewound != null) {
      throw new RewoundException(rewound);
    }
  }

  /**
   * Reads the newest event.
   *
   * @throws RewoundException when the newest known event does not exist any more
   */
  public HistoryAnchor look(Connection connection) throws SQLException {
    HistoryAnchor known = newest;
    try (var query = connection.prepareStatement(NEWEST_AND_ANCHOR)) {
      query.setLong(1, known.position());
      try (var row = query.executeQuery()) {
        row.next();
        byte[] found = row.getBytes(3);
        compare(known, found == null ? null : Sha256.stored(found));
        byte[] hash = row.getBytes(2);
        if (hash != null) {
          saw(new HistoryAnchor(row.getLong(1), Sha256.stored(hash)));
        }
        return newest;
      }
    }
  }

  /**
   * Compares a page of events with the database, after reading it.
   *
   * @param last the position of the page's last event
   * @throws RewoundException when this or the newest known event does not exist any more
   */
  public void demand(StreamReader table, long last, UUID lastEventId) {
    HistoryAnchor known = newest;
    var found = table.identities(known.position(), last);
    compare(known, found.hash(known.position()));
    if (!lastEventId.equals(found.eventId(last))) {
      stop(last);
    }
    compare(HistoryAnchor.START, null);
    Sha256 hash = found.hash(last);
    if (hash != null) {
      saw(new HistoryAnchor(last, hash));
    }
  }

  private synchronized void stop(long position) {
    if (rewound == null) {
      String reason =
          "the database has gone back in time: event %d is not the one that was stored there"
              .formatted(position);
      rewound = reason;
      onRewind.accept(reason);
      log.error(
          "history rewound position={} effect=\"no commands, no event processing until restart\"",
          position);
    }
  }

  /** The database's history differs from what this node has seen. */
  public static final class RewoundException extends RuntimeException {
    RewoundException(String reason) {
      super(reason);
    }
  }
}
