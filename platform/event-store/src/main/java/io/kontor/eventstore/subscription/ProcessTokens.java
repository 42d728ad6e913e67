package io.kontor.eventstore.subscription;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Moves the tokens of event processors to the end of imported events, in the transaction that
 * imports them.
 */
public final class ProcessTokens {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String TYPE = GlobalSequenceTrackingToken.class.getName();

  private final Connection connection;
  private final Collection<String> processes;

  /**
   * @param processes the event processors with side effects; none when these act upon the events
   */
  public ProcessTokens(Connection connection, Collection<String> processes) {
    this.connection = connection;
    this.processes = processes;
  }

  /**
   * Moves the tokens to {@code head} until the transaction ends.
   *
   * @param before the last position before the import
   * @throws ProcessesBehindException when an event processor is running, or is behind {@code
   *     before}: it would skip events
   */
  public void moveTo(long before, long head) throws SQLException {
    if (processes.isEmpty()) {
      return; // the events are for all processes to act upon
    }
    long start = start();
    Set<String> without = new HashSet<>(processes);
    try (var find =
        connection.prepareStatement(
            "select processor, token, owner, claimed_at from token"
                + " where processor = any (?) order by processor, segment for update nowait")) {
      find.setArray(1, connection.createArrayOf("text", processes.toArray()));
      try (ResultSet row = find.executeQuery()) {
        while (row.next()) {
          without.remove(row.getString(1));
          demandIdle(row);
          demandCaughtUp(row.getString(1), position(row.getString(2), start), before);
        }
      }
    } catch (SQLException failure) {
      if (isLocked(failure)) {
        throw atWork("a process");
      }
      throw failure;
    }
    for (String process : without) {
      demandCaughtUp(process, start, before);
    }
    store(head);
  }

  /**
   * Does not wait for a lock: an event processor that waits for the writer would cause a deadlock.
   */
  private static boolean isLocked(SQLException failure) {
    return LOCK_NOT_AVAILABLE.equals(failure.getSQLState());
  }

  private static ProcessesBehindException atWork(String process) {
    return new ProcessesBehindException(
        "%s is at work: stop the nodes with role saga before an import".formatted(process));
  }

  private long start() throws SQLException {
    try (var start =
            connection.prepareStatement(
                "select coalesce(position, 0) from process_start for update");
        ResultSet row = start.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void demandIdle(ResultSet row) throws SQLException {
    String claimed = row.getString(4);
    if (row.getString(3) != null
        && claimed != null
        && DateTimeUtils.parseInstant(claimed)
            .plus(TokenClaimSettings.LAPSE_AFTER)
            .isAfter(Instant.now())) {
      throw atWork(row.getString(1));
    }
  }

  private static void demandCaughtUp(String process, long reached, long before) {
    if (reached < before) {
      throw new ProcessesBehindException(
          "%s has come to event %,d of the %,d that are stored: start the bank and let it catch up"
                  .formatted(process, reached, before)
              + " before an import");
    }
  }

  private static long position(@Nullable String token, long start) {
    return token == null ? start : JSON.readTree(token).path("globalIndex").asLong(start);
  }

  private void store(long head) throws SQLException {
    try (var tokens =
            connection.prepareStatement(
                "update token set token = ?, token_type = ? where processor = any (?)");
        var start = connection.prepareStatement("update process_start set position = ?")) {
      tokens.setString(1, JSON.createObjectNode().put("globalIndex", head).toString());
      tokens.setString(2, TYPE);
      tokens.setArray(3, connection.createArrayOf("text", processes.toArray()));
      tokens.executeUpdate();
      start.setLong(1, head);
      start.executeUpdate();
    }
  }
}
