package io.kontor.command.account;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.money.Money;
import io.kontor.command.aggregate.Remembered;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An account's active and ended holds, and its returns. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
final class Holds {
  private LinkedHashMap<UUID, Hold> active = new LinkedHashMap<>();
  private Remembered<End> ended = new Remembered<>();
  private Remembered<Boolean> returned = new Remembered<>();

  /** The greatest entry of a capture that was forgotten. */
  private @Nullable UUID forgottenEntry;

  @Nullable Hold active(UUID hold) {
    return active.get(hold);
  }

  /** Whether the hold is known to have ended, or was cancelled before it was placed. */
  boolean hasEnded(UUID hold) {
    return ended.get(hold) != null;
  }

  /** The capture of a hold; null when there was none or it was forgotten. */
  @Nullable Capture captured(UUID hold) {
    End end = ended.get(hold);
    return end == null ? null : end.capture();
  }

  /** Whether the hold may have ended and been forgotten. */
  boolean mayHaveForgotten(UUID hold) {
    return !active.containsKey(hold) && ended.mayHaveForgotten(hold);
  }

  /** Whether a capture of the hold by this entry may have been forgotten. */
  boolean mayHaveForgotten(UUID hold, UUID entry) {
    return mayHaveForgotten(hold) && Remembered.isUpTo(forgottenEntry, entry);
  }

  void place(UUID id, Hold hold) {
    active.put(id, hold);
  }

  void release(UUID id) {
    end(id, End.RELEASED);
  }

  void capture(UUID id, Capture capture) {
    end(id, new End(capture));
  }

  void refund(UUID id) {
    Capture capture = captured(id);
    if (capture != null) {
      ended.put(id, new End(capture.asRefunded()));
    }
  }

  /** Whether this entry is known to have booked a return. */
  boolean hasReturned(UUID entry) {
    return returned.get(entry) != null;
  }

  /** Whether a return booked by this entry may have been forgotten. */
  boolean mayHaveForgottenReturn(UUID entry) {
    return returned.mayHaveForgotten(entry);
  }

  void returned(UUID entry) {
    returned.put(entry, true);
  }

  private void end(UUID id, End how) {
    active.remove(id);
    End eldest = ended.put(id, how);
    if (eldest != null && eldest.capture() != null) {
      forgottenEntry = Remembered.later(forgottenEntry, eldest.capture().entry());
    }
  }

  /**
   * How a hold ended.
   *
   * @param capture null when it was released, or cancelled before it was placed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record End(@Nullable Capture capture) {
    static final End RELEASED = new End(null);
  }

  /** A capture of a hold, booked by {@code entry}, and whether it was refunded. */
  record Capture(UUID entry, Money amount, String reference, boolean refunded) {
    Capture asRefunded() {
      return new Capture(entry, amount, reference, true);
    }
  }

  /** An active hold; it does not expire when {@code expiresAt} is null. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Hold(Money amount, String reference, @Nullable Instant expiresAt) {
    boolean isOver(@Nullable Instant at) {
      return expiresAt != null && at != null && !at.isBefore(expiresAt);
    }
  }
}
