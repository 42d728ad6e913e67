package io.kontor.cache;

import java.util.Comparator;

/**
 * The state of a read model that a value was made from.
 *
 * @param edition changes when rows change otherwise than by the next events
 * @param position of the last event in it
 */
public record Version(long edition, long position) implements Comparable<Version> {
  private static final Comparator<Version> ORDER =
      Comparator.comparingLong(Version::edition).thenComparingLong(Version::position);

  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }
}
