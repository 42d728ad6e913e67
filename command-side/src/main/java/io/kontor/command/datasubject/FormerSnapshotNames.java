package io.kontor.command.datasubject;

import java.util.Map;

/** Snapshots are stored under class names; one whose class has moved keeps its first name. */
public final class FormerSnapshotNames {
  private FormerSnapshotNames() {}

  /** The class of each such name. */
  public static Map<String, Class<?>> byName() {
    return Map.of("io.kontor.command.person.DataSubject", DataSubject.class);
  }
}
