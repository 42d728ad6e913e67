package io.kontor.web.json;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON whose parts are no longer than anything that is meant: length before meaning. */
public final class BoundedJson {
  /** Of digits, of which a {@code long} has 19. */
  private static final int LONGEST_NUMBER = 40;

  /**
   * Of characters. Each text has a limit of its own, which names it; this is for all the others.
   */
  private static final int LONGEST_TEXT = 100_000;

  private static final int LONGEST_NAME = 200;
  private static final int DEEPEST = 50;

  private BoundedJson() {}

  public static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNumberLength(LONGEST_NUMBER)
                .maxStringLength(LONGEST_TEXT)
                .maxNameLength(LONGEST_NAME)
                .maxNestingDepth(DEEPEST)
                .build())
        .build();
  }
}
