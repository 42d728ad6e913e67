package io.kontor.database.schema;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The schema with the tables of a bank: the shared one, or that of a tenant's cell. Statements name
 * tables without it, and each connection finds them in its own schema and in no other one.
 *
 * @param name is {@code kontor}, or {@code kontor-} and a tenant's id
 */
public record DatabaseSchema(String name) {
  private static final Pattern NAME = Pattern.compile("kontor(-[a-z][a-z0-9-]*)?");

  /** What the names of the schemas of read models' generations have after this one's. */
  public static final String NEXT = "_next";

  public static final String PREVIOUS = "_previous";
  public static final String SCRATCH = "_scratch";

  private static final List<String> SUFFIXES = List.of("", NEXT, PREVIOUS, SCRATCH);

  /** PostgreSQL cuts longer names, so that two could become the same. */
  private static final int LONGEST = 63;

  /** Suffixes of schemas and notification channels fit into it. */
  private static final int LONGEST_SUFFIX = 16;

  /** The schema of all tenants that have none of their own. */
  public static final DatabaseSchema SHARED = new DatabaseSchema("kontor");

  /**
   * @throws IllegalArgumentException when the name is malformed, or too long for its suffixes
   */
  public DatabaseSchema {
    if (!NAME.matcher(name).matches()
        || name.getBytes(US_ASCII).length + LONGEST_SUFFIX > LONGEST) {
      throw new IllegalArgumentException("no schema can have the name " + name);
    }
  }

  /**
   * The schema of a tenant's cell. An id has no underscore, so that no two of their schemas, and of
   * the schemas of their generations, have the same name.
   *
   * @throws IllegalArgumentException when no schema can have the name
   */
  public static DatabaseSchema ofCell(String tenant) {
    return new DatabaseSchema("kontor-" + tenant);
  }

  /** The name as an SQL identifier. */
  public String quoted() {
    return quoted(name);
  }

  /** The identifiers of the schema and of its generations' schemas. */
  public Stream<String> withGenerations() {
    return SUFFIXES.stream().map(suffix -> quoted(name + suffix));
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  @Override
  public String toString() {
    return name;
  }
}
