package io.kontor.projection.live;

/**
 * State of a projection.
 *
 * @param generation number of its live generation
 * @param position its checkpoint
 * @param head the event store's last position
 * @param parked number of events of all tenants in dead letters, followers included
 * @param failing whether an error stops it at present
 */
public record ProjectionStatus(
    String name, int generation, long position, long head, long parked, boolean failing) {
  /** Number of positions behind the head. */
  public long lag() {
    return head - position;
  }
}
