package io.kontor.eventstore.subscription;

import io.kontor.eventstore.read.RewindGuard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.common.jdbc.JdbcException;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.AbstractTokenEntry;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.jspecify.annotations.Nullable;

/**
 * The token store of one node.
 *
 * <p>Each segment of each event processor extends its claim every second while nothing happens. The
 * first whose extension is due extends, in one statement, those of all that have asked since.
 *
 * <p>It stores no token in a database that has been rewound: the events may exist only in this
 * node's memory, and the rollback removes what was written for them.
 */
final class NodeTokenStore extends JdbcTokenStore {
  /** So that two extensions may fail before a claim lapses. */
  private static final Duration EXTENDED_EVERY = TokenClaimSettings.LAPSE_AFTER.dividedBy(3);

  /** A row that is locked is being extended by its own segment. */
  private static final String EXTEND =
      """
      update token set claimed_at = ?
      from (
        select processor, segment from token
        where owner = ? and (processor, segment) in (select * from unnest(?, ?))
        for update skip locked
      ) alive
      where token.processor = alive.processor and token.segment = alive.segment
      returning token.processor, token.segment
      """;

  private final String node;
  private final @Nullable RewindGuard guard;
  private final Map<Claim, Times> claims = new ConcurrentHashMap<>();

  private record Claim(String processor, int segment) {}

  /**
   * When a claim was written and asked for, as {@link System#nanoTime}.
   *
   * @param written to the database
   * @param asked its event processor was alive
   */
  private record Times(long written, long asked) {}

  NodeTokenStore(Builder settings, String node, @Nullable RewindGuard guard) {
    super(settings);
    this.node = node;
    this.guard = guard;
  }

  @Override
  protected PreparedStatement storeUpdate(
      Connection connection, TrackingToken token, String processor, int segment)
      throws SQLException {
    if (guard != null) {
      guard.look(connection);
    }
    return super.storeUpdate(connection, token, processor, segment);
  }

  @Override
  public void storeToken(@Nullable TrackingToken token, String processor, int segment) {
    super.storeToken(token, processor, segment);
    long now = System.nanoTime();
    claims.put(new Claim(processor, segment), new Times(now, now));
  }

  @Override
  public void extendClaim(String processor, int segment) {
    var claim = new Claim(processor, segment);
    if (isDue(asked(claim))) {
      extendWithOthers(claim);
    }
  }

  private Times asked(Claim claim) {
    long now = System.nanoTime();
    return claims.merge(
        claim,
        new Times(now - EXTENDED_EVERY.toNanos(), now),
        (known, _) -> new Times(known.written(), now));
  }

  private static boolean isDue(Times times) {
    return times.asked() - times.written() >= EXTENDED_EVERY.toNanos();
  }

  private synchronized void extendWithOthers(Claim claim) {
    if (!isDue(asked(claim))) {
      return; // another one did, meanwhile
    }
    Set<Claim> extended = extend(alive());
    long now = System.nanoTime();
    extended.forEach(
        one -> claims.computeIfPresent(one, (_, times) -> new Times(now, times.asked())));
    if (!extended.contains(claim)) {
      super.extendClaim(claim.processor(), claim.segment());
    }
  }

  private List<Claim> alive() {
    long since = System.nanoTime() - EXTENDED_EVERY.toNanos();
    return claims.entrySet().stream()
        .filter(entry -> entry.getValue().asked() - since > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  private Set<Claim> extend(List<Claim> alive) {
    Set<Claim> extended = new HashSet<>();
    try (Connection connection = getConnection();
        var update = connection.prepareStatement(EXTEND)) {
      update.setString(1, DateTimeUtils.formatInstant(AbstractTokenEntry.clock.instant()));
      update.setString(2, node);
      update.setArray(
          3, connection.createArrayOf("text", alive.stream().map(Claim::processor).toArray()));
      update.setArray(
          4, connection.createArrayOf("int", alive.stream().map(Claim::segment).toArray()));
      try (var rows = update.executeQuery()) {
        while (rows.next()) {
          extended.add(new Claim(rows.getString(1), rows.getInt(2)));
        }
      }
      return extended;
    } catch (SQLException e) {
      throw new JdbcException("claims not extended", e);
    }
  }
}
