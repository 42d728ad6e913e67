package io.kontor.projections.engine;

/** Where a generation of a projection's tables lives, and its parked events with it. */
public enum GenerationSchema {
  /** What requests read. */
  LIVE("kontor", ""),
  /** What is being built. */
  NEXT("kontor_next", "@next"),
  /** What was live before, for a way back. */
  PREVIOUS("kontor_previous", "@previous"),
  /** What was true once, to look at. */
  SCRATCH(ReadModelReplay.SCHEMA, "@scratch");

  private final String schema;
  private final String mark;

  GenerationSchema(String schema, String mark) {
    this.schema = schema;
    this.mark = mark;
  }

  String schema() {
    return schema;
  }

  /** The name under which a projection's parked events are kept. */
  String parked(String projection) {
    return projection + mark;
  }

  /** The projection whose parked events are kept under a name. */
  static String projection(String parked) {
    int mark = parked.indexOf('@');
    return mark < 0 ? parked : parked.substring(0, mark);
  }
}
