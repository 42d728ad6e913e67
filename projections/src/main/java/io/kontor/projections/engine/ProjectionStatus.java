package io.kontor.projections.engine;

/**
 * How a projection is doing.
 *
 * @param generation which of its generations serves
 * @param position how far it is
 * @param head the event store's last position
 * @param parked how many events of all tenants it could not take
 * @param failing whether it is stopped by an error right now
 */
public record ProjectionStatus(
    String name, int generation, long position, long head, long parked, boolean failing) {
  /** How many positions it is behind. */
  public long lag() {
    return head - position;
  }
}
