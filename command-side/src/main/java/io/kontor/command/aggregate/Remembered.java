package io.kontor.command.aggregate;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregate has done, by reference, so that it recognizes a repeated command. The number of
 * references is bounded, and look-ups still err on the safe side: it keeps the greatest evicted
 * reference, so an unknown reference above that was never used; one not above it may have been.
 * References are UUIDs of version 7, ordered by creation time.
 *
 * @param <T> what is known of each reference
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
public final class Remembered<T> {
  /** The maximum number of references: with captures, about 800 kB of a snapshot. */
  public static final int MOST = 4_000;

  private LinkedHashMap<UUID, T> last = new LinkedHashMap<>();
  private @Nullable UUID forgotten;

  /** What was done for the reference; null when it is unknown or evicted. */
  public @Nullable T get(UUID reference) {
    return last.get(reference);
  }

  /** Whether the reference may have been evicted, so that it is undecidable whether it was used. */
  public boolean mayHaveForgotten(UUID reference) {
    return !last.containsKey(reference) && isUpTo(forgotten, reference);
  }

  /**
   * Adds or replaces what was done for a reference.
   *
   * @return what is evicted in exchange, if anything
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

  /** Whether {@code reference} is not above {@code last}; false when {@code last} is null. */
  public static boolean isUpTo(@Nullable UUID last, UUID reference) {
    return last != null && reference.compareTo(last) <= 0;
  }

  /** The later of two references; the first may be null. */
  public static UUID later(@Nullable UUID one, UUID other) {
    return one != null && one.compareTo(other) > 0 ? one : other;
  }
}
