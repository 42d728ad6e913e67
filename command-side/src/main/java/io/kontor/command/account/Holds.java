package io.kontor.command.account;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.money.Money;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An account's active holds, which holds ended lately, and what came back. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
final class Holds {
  /** How many ended holds are remembered; an older one is unknown. */
  static final int REMEMBERED = 1_000;

  private LinkedHashMap<UUID, Hold> active = new LinkedHashMap<>();
  private LinkedHashSet<UUID> ended = new LinkedHashSet<>();
  private LinkedHashMap<UUID, Capture> captured = new LinkedHashMap<>();
  private LinkedHashSet<UUID> returned = new LinkedHashSet<>();

  @Nullable Hold active(UUID hold) {
    return active.get(hold);
  }

  boolean hasEnded(UUID hold) {
    return ended.contains(hold);
  }

  void place(UUID id, Hold hold) {
    active.put(id, hold);
  }

  void end(UUID id) {
    active.remove(id);
    ended.add(id);
    if (ended.size() > REMEMBERED) {
      ended.removeFirst();
    }
  }

  /** What was captured of a hold, if that was lately. */
  @Nullable Capture captured(UUID hold) {
    return captured.get(hold);
  }

  void capture(UUID id, Capture capture) {
    end(id);
    captured.put(id, capture);
    if (captured.size() > REMEMBERED) {
      captured.pollFirstEntry();
    }
  }

  void refund(UUID id) {
    captured.computeIfPresent(id, (hold, capture) -> capture.asRefunded());
  }

  /** Whether this entry booked money back lately. */
  boolean hasReturned(UUID entry) {
    return returned.contains(entry);
  }

  void returned(UUID entry) {
    returned.add(entry);
    if (returned.size() > REMEMBERED) {
      returned.removeFirst();
    }
  }

  /** Held money that was booked out by {@code entry}, and whether it was booked back. */
  record Capture(UUID entry, Money amount, String reference, boolean refunded) {
    Capture asRefunded() {
      return new Capture(entry, amount, reference, true);
    }
  }

  /** Money set aside, and what for. */
  record Hold(Money amount, String reference) {}
}
