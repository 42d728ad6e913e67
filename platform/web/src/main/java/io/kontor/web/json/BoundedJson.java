package io.kontor.web.json;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON reader with limits on the length of numbers and strings, checked before they are parsed.
 */
public final class BoundedJson {
  /** In digits; a {@code long} has 19. */
  private static final int LONGEST_NUMBER = 40;

  /**
   * In characters. Each string has a limit of its own with its own error; this one applies to all
   * others.
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
