package io.kontor.projection.write;

import io.kontor.database.schema.DatabaseSchema;

/** The schema of a generation's tables, and the suffix under which its dead letters are stored. */
public enum GenerationSchema {
  /** Read by queries. */
  LIVE("", ""),
  /** Being rebuilt. */
  NEXT(DatabaseSchema.NEXT, "@next"),
  /** Live before the last rebuild, for a rollback. */
  PREVIOUS(DatabaseSchema.PREVIOUS, "@previous"),
  /** State at an earlier position, for inspection. */
  SCRATCH(DatabaseSchema.SCRATCH, "@scratch");

  private final String nameSuffix;
  private final String groupSuffix;

  GenerationSchema(String nameSuffix, String groupSuffix) {
    this.nameSuffix = nameSuffix;
    this.groupSuffix = groupSuffix;
  }

  /** What its name has after that of the schema with the live tables. */
  public String nameSuffix() {
    return nameSuffix;
  }

  /** The name under which a projection's dead letters are stored. */
  public String deadLetterGroup(String projection) {
    return projection + groupSuffix;
  }

  /** Whether dead letters under this name are those of a tool. */
  static boolean isScratch(String group) {
    return group.endsWith(SCRATCH.groupSuffix);
  }

  /** The projection whose dead letters are stored under a name. */
  static String projection(String group) {
    int at = group.indexOf('@');
    return at < 0 ? group : group.substring(0, at);
  }
}
