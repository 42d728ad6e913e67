package io.kontor.eventstore.append;

import io.kontor.eventstore.append.QueuedAppend.EventRow;
import io.kontor.eventstore.append.QueuedAppend.StreamVersion;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.idempotency.DuplicateRequestException;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.tenancy.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.modelling.command.ConcurrencyException;

/**
 * Decides before the write which units of work of a batch can be stored, so that a repeated
 * idempotency key or a version conflict costs no transaction. A stream's next event must directly
 * follow its last stored one.
 */
public final class BatchPlan {
  private final List<QueuedAppend> accepted = new ArrayList<>();
  private final Map<QueuedAppend, RuntimeException> refused = new LinkedHashMap<>();
  private final Map<StreamId, Long> versions;
  private final Set<AnswerKey> used;
  private final Set<String> away;

  /** Streams of rejected units of work: later ones that touch them build on a rejected one. */
  private final Set<String> lost = new HashSet<>();

  /**
   * @param versions the last stored sequence number of each stream that is written to or whose
   *     version is checked
   * @param used the keys of the batch that have a record already
   * @param away the tenants that take no events here, since they are being moved or have moved
   */
  public BatchPlan(
      List<QueuedAppend> units,
      Map<StreamId, Long> versions,
      Set<AnswerKey> used,
      Set<String> away) {
    this.versions = new HashMap<>(versions);
    this.used = new HashSet<>(used);
    this.away = away;
    Map<StreamId, Long> stored = Map.copyOf(versions);
    units.forEach(unit -> decide(unit, stored));
  }

  /** The units of work to write or confirm, in order. */
  List<QueuedAppend> accepted() {
    return accepted;
  }

  /**
   * The units of work that fail by themselves, and why; those that build on them are not listed.
   */
  public Map<QueuedAppend, RuntimeException> refused() {
    return refused;
  }

  private void decide(QueuedAppend unit, Map<StreamId, Long> stored) {
    if (unit.touched().stream().anyMatch(lost::contains)) {
      lose(unit);
      return;
    }
    IdempotencyRow answer = unit.answer();
    if (isAway(unit)) {
      refused.put(unit, new StoreBusyException("the tenant's data is being moved"));
      lose(unit);
    } else if (answer != null && used.contains(AnswerKey.of(answer))) {
      refused.put(unit, new DuplicateRequestException(answer.key()));
      lose(unit);
    } else if (isStale(unit, stored) || !follows(unit)) {
      refused.put(unit, conflict());
      lose(unit);
    } else {
      accept(unit);
    }
  }

  private boolean isAway(QueuedAppend unit) {
    return !away.isEmpty() && unit.tenants().anyMatch(away::contains);
  }

  private void accept(QueuedAppend unit) {
    accepted.add(unit);
    unit.rows().forEach(row -> versions.put(row.stream(), row.sequence()));
    if (unit.answer() != null) {
      used.add(AnswerKey.of(unit.answer()));
    }
  }

  /** Marks the streams of a failed unit of work, unless it changed nothing. */
  private void lose(QueuedAppend unit) {
    if (!unit.rows().isEmpty()) {
      lost.addAll(unit.touched());
    }
  }

  private boolean follows(QueuedAppend unit) {
    var reached = new HashMap<StreamId, Long>();
    for (EventRow row : unit.rows()) {
      long last = reached.getOrDefault(row.stream(), versions.getOrDefault(row.stream(), -1L));
      if (row.sequence() != last + 1) {
        return false;
      }
      reached.put(row.stream(), row.sequence());
    }
    return true;
  }

  /** Whether another process has appended after a version that the decision rests on. */
  static boolean isStale(QueuedAppend unit, Map<StreamId, Long> stored) {
    for (StreamVersion read : unit.read()) {
      if (stored.getOrDefault(read.stream(), -1L) > read.version()) {
        return true;
      }
    }
    return false;
  }

  static ConcurrencyException conflict() {
    return new ConcurrencyException("another node has written to the stream");
  }

  /** An idempotency key, unique per tenant. */
  record AnswerKey(String tenant, String key) {
    static AnswerKey of(IdempotencyRow answer) {
      return new AnswerKey(answer.tenant(), answer.key());
    }
  }
}
