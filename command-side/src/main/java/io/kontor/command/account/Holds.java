package io.kontor.command.account;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.money.Money;
import io.kontor.command.Remembered;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An account's active holds, how the others ended, and what came back. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
final class Holds {
  private LinkedHashMap<UUID, Hold> active = new LinkedHashMap<>();
  private Remembered<End> ended = new Remembered<>();
  private Remembered<Boolean> returned = new Remembered<>();

  /** The latest entry of a capture that is forgotten. */
  private @Nullable UUID forgottenEntry;

  @Nullable Hold active(UUID hold) {
    return active.get(hold);
  }

  /** Whether it is known that the hold has ended, or must not begin. */
  boolean hasEnded(UUID hold) {
    return ended.get(hold) != null;
  }

  /** What was captured of a hold; null when nothing was, or that is not remembered. */
  @Nullable Capture captured(UUID hold) {
    End end = ended.get(hold);
    return end == null ? null : end.capture();
  }

  /** Whether it can't be decided any more if there was such a hold. */
  boolean mayHaveForgotten(UUID hold) {
    return !active.containsKey(hold) && ended.mayHaveForgotten(hold);
  }

  /** Whether it can't be decided any more if the hold was captured by this entry. */
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

  /** Whether this entry is known to have booked money back. */
  boolean hasReturned(UUID entry) {
    return returned.get(entry) != null;
  }

  /** Whether it can't be decided any more if this entry booked money back. */
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
   * @param capture none, when it was released or must not begin
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record End(@Nullable Capture capture) {
    static final End RELEASED = new End(null);
  }

  /** Held money that was booked out by {@code entry}, and whether it was booked back. */
  record Capture(UUID entry, Money amount, String reference, boolean refunded) {
    Capture asRefunded() {
      return new Capture(entry, amount, reference, true);
    }
  }

  /** Money set aside, what for, and until when; for good, when null. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Hold(Money amount, String reference, @Nullable Instant expiresAt) {
    boolean isOver(@Nullable Instant at) {
      return expiresAt != null && at != null && !at.isBefore(expiresAt);
    }
  }
}
