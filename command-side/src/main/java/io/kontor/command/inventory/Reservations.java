package io.kontor.command.inventory;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.command.aggregate.Remembered;
import java.util.LinkedHashMap;
import java.util.UUID;

/** An item's active and ended reservations. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
final class Reservations {
  private enum End {
    RELEASED,
    SHIPPED
  }

  private LinkedHashMap<UUID, Integer> active = new LinkedHashMap<>();
  private Remembered<End> ended = new Remembered<>();

  /** The reserved quantity; 0 when there is no active reservation. */
  int quantity(UUID reference) {
    return active.getOrDefault(reference, 0);
  }

  boolean wasReleased(UUID reference) {
    return ended.get(reference) == End.RELEASED;
  }

  boolean hasShipped(UUID reference) {
    return ended.get(reference) == End.SHIPPED;
  }

  /** Whether the reservation may have ended and been forgotten. */
  boolean mayHaveForgotten(UUID reference) {
    return !active.containsKey(reference) && ended.mayHaveForgotten(reference);
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
  }
}
