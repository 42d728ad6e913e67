package io.kontor.web.paging;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param next the cursor of the next page, null at the end
 */
public record Page<T>(List<T> items, @Nullable String next) {
  public Page {
    items = List.copyOf(items);
  }

  /** The page with something else in place of each item. */
  public <R> Page<R> map(Function<? super T, ? extends R> replacement) {
    return new Page<>(items.stream().<R>map(replacement).toList(), next);
  }
}
