package io.kontor.projections.engine;

import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a rebuild is doing.
 *
 * @param tenant whose rows alone are made anew; everyone's, when null
 * @param processed up to which position events are in
 * @param total the event store's last position when that was written
 * @param perSecond positions a second; 0 when not known
 * @param failure why it failed, when it did
 */
public record Rebuild(
    UUID id,
    Kind kind,
    List<String> projections,
    @Nullable TenantId tenant,
    State state,
    Phase phase,
    long processed,
    long total,
    double perSecond,
    @Nullable String failure) {

  /** What becomes live in the end. */
  public enum Kind {
    /** Tables that are made anew from the first event. */
    REBUILD,
    /** The generation that was live before, once it has what happened since. */
    ROLLBACK
  }

  /** Where it stands. */
  public enum State {
    RUNNING,
    DONE,
    FAILED,
    ABORTED;

    /** Whether nothing will come of it any more. */
    public boolean isFinal() {
      return this != RUNNING;
    }
  }

  /** What it is at, one after the other. */
  public enum Phase {
    NEW,
    FILL,
    INDEX,
    CATCH_UP
  }

  /** How long it will take, in seconds; null when nobody knows. */
  public @Nullable Long etaSeconds() {
    if (state.isFinal()) {
      return 0L;
    }
    return perSecond < 1 ? null : (long) Math.ceil((total - processed) / perSecond);
  }
}
