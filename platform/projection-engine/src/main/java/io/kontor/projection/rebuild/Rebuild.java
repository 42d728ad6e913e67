package io.kontor.projection.rebuild;

import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * State of a rebuild.
 *
 * @param tenant the only tenant to rebuild; all tenants if null
 * @param processed position reached
 * @param total the event store's head at that time
 * @param perSecond positions per second; 0 if unknown
 * @param failure cause of a failure
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

  /** What becomes live at the end. */
  public enum Kind {
    /** Tables rebuilt from the first event. */
    REBUILD,
    /** The previous generation, once it has caught up. */
    ROLLBACK
  }

  public enum State {
    RUNNING,
    DONE,
    FAILED,
    ABORTED;

    /** Whether it has ended. */
    public boolean isFinal() {
      return this != RUNNING;
    }
  }

  /** Its phases, in order. */
  public enum Phase {
    NEW,
    FILL,
    INDEX,
    CATCH_UP
  }

  /** Remaining time in seconds; null if unknown. */
  public @Nullable Long etaSeconds() {
    if (state.isFinal()) {
      return 0L;
    }
    return perSecond < 1 ? null : (long) Math.ceil((total - processed) / perSecond);
  }
}
