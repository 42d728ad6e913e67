package io.kontor.api.process;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What can be asked about processes. One that is at its end is unknown. */
public sealed interface ProcessQuery {

  /** Answers {@link ProcessDetails}. */
  record FindProcess(UUID id) implements ProcessQuery {}

  /**
   * Answers a list of {@link ProcessDetails}, oldest first.
   *
   * @param after the last process of the page before
   */
  record FindProcesses(@Nullable ProcessState state, @Nullable UUID after, int limit)
      implements ProcessQuery {}
}
