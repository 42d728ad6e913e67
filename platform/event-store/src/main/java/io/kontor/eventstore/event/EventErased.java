package io.kontor.eventstore.event;

/**
 * What is left of an event of a tenant that was closed: its place in the order of all, and its
 * hash. No handler takes it.
 */
public record EventErased() {
  /** The stored type name. */
  public static final String NAME = "event-erased";
}
