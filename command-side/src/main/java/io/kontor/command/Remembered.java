package io.kontor.command;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregate has done, by reference, so that it recognizes a repeated command. It is bounded
 * by number and exact nevertheless: it keeps the greatest reference that it forgot, so that a
 * reference above it that is not remembered was never used. One that is not above may have been.
 * References are UUIDs of version 7, which are ordered by the time they were made at.
 *
 * @param <T> what is known of each
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
public final class Remembered<T> {
  /** How many references are remembered: with captures, some 800 kB of a snapshot. */
  public static final int MOST = 4_000;

  private LinkedHashMap<UUID, T> last = new LinkedHashMap<>();
  private @Nullable UUID forgotten;

  /** What was done for the reference; null when that is not remembered. */
  public @Nullable T get(UUID reference) {
    return last.get(reference);
  }

  /** Whether it can't be decided any more if something was done for the reference. */
  public boolean mayHaveForgotten(UUID reference) {
    return !last.containsKey(reference) && isUpTo(forgotten, reference);
  }

  /**
   * Remembers something, or something else of a reference that is remembered.
   *
   * @return what is forgotten for that, if anything
   */
  public @Nullable T put(UUID reference, T what) {
    last.put(reference, what);
    if (last.size() <= MOST) {
      return null;
    }
    var eldest = last.pollFirstEntry();
    forgotten = later(forgotten, eldest.getKey());
    return eldest.getValue();
  }

  /** Whether a reference is not after another, which may be none. */
  public static boolean isUpTo(@Nullable UUID last, UUID reference) {
    return last != null && reference.compareTo(last) <= 0;
  }

  /** The later of two references, of which the first may be none. */
  public static UUID later(@Nullable UUID one, UUID other) {
    return one != null && one.compareTo(other) > 0 ? one : other;
  }
}
