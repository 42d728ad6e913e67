package io.kontor.eventstore;

/** An aggregate that knows how much memory it takes beyond a few plain fields. */
public interface Weighed {
  /** A rough estimate, in bytes. */
  int weightBytes();
}
