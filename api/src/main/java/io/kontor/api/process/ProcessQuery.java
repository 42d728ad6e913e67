package io.kontor.api.process;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Queries for processes. A process that has ended is unknown. */
public sealed interface ProcessQuery {

  /** Returns {@link ProcessDetails}. */
  record FindProcess(UUID id) implements ProcessQuery {}

  /**
   * Returns a list of {@link ProcessDetails}, oldest first.
   *
   * @param after the last process of the previous page
   */
  record FindProcesses(@Nullable ProcessState state, @Nullable UUID after, int limit)
      implements ProcessQuery {}
}
