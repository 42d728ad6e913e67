package io.kontor.console.page;

import io.kontor.console.client.ApiProblemException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A part of a page: its content, or the problem with which the API answered. */
record Part<T>(@Nullable T content, @Nullable ApiProblemException problem) {

  /** The part if the person may read it; null if not. */
  static <T> @Nullable Part<T> of(boolean isPermitted, Supplier<T> read) {
    if (!isPermitted) {
      return null;
    }
    try {
      return new Part<>(read.get(), null);
    } catch (ApiProblemException problem) {
      return new Part<>(null, problem);
    }
  }
}
