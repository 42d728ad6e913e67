package io.kontor.command.inventory;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.LinkedHashMap;
import java.util.UUID;

/** An item's active reservations, and which ones ended lately and how. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
final class Reservations {
  /** How many ended reservations are remembered; an older reference would be new. */
  static final int REMEMBERED = 1_000;

  private enum End {
    RELEASED,
    SHIPPED
  }

  private LinkedHashMap<UUID, Integer> active = new LinkedHashMap<>();
  private LinkedHashMap<UUID, End> ended = new LinkedHashMap<>();

  /** How much is set aside; 0 when nothing is. */
  int quantity(UUID reference) {
    return active.getOrDefault(reference, 0);
  }

  boolean hasEnded(UUID reference) {
    return ended.containsKey(reference);
  }

  boolean hasShipped(UUID reference) {
    return ended.get(reference) == End.SHIPPED;
  }

  void make(UUID reference, int quantity) {
    active.put(reference, quantity);
  }

  void release(UUID reference) {
    end(reference, End.RELEASED);
  }

  void ship(UUID reference) {
    end(reference, End.SHIPPED);
  }

  private void end(UUID reference, End how) {
    active.remove(reference);
    ended.put(reference, how);
    if (ended.size() > REMEMBERED) {
      ended.pollFirstEntry();
    }
  }
}
