package io.kontor.projection.write;

/** The schema of a generation's tables, and the suffix under which its dead letters are stored. */
public enum GenerationSchema {
  /** Read by queries. */
  LIVE("kontor", ""),
  /** Being rebuilt. */
  NEXT("kontor_next", "@next"),
  /** Live before the last rebuild, for a rollback. */
  PREVIOUS("kontor_previous", "@previous"),
  /** State at an earlier position, for inspection. */
  SCRATCH("kontor_scratch", "@scratch");

  private final String schema;
  private final String suffix;

  GenerationSchema(String schema, String suffix) {
    this.schema = schema;
    this.suffix = suffix;
  }

  /** The name of the schema. */
  public String schema() {
    return schema;
  }

  /** The name under which a projection's dead letters are stored. */
  public String deadLetterGroup(String projection) {
    return projection + suffix;
  }

  /** Whether dead letters under this name are those of a tool. */
  static boolean isScratch(String group) {
    return group.endsWith(SCRATCH.suffix);
  }

  /** The projection whose dead letters are stored under a name. */
  static String projection(String group) {
    int at = group.indexOf('@');
    return at < 0 ? group : group.substring(0, at);
  }
}
