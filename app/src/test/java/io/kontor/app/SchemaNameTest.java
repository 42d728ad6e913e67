package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A statement that names the shared schema would read and write the shared tables from a tenant's
 * own schema, too.
 */
@Tag("fast")
class SchemaNameTest {
  private static final Path ROOT = Path.of("..");

  /** After a word of SQL, or called like a function. Settings of sessions are named in quotes. */
  private static final Pattern IN_SQL =
      Pattern.compile(
          "(?i)\\b(from|join|into|update|table|on|only|using|select|call|exists)\\s+\"?kontor\"?\\."
              + "|[^'\\w./@]kontor\\.[a-z_]+\\(|\\bkontor\\.%|'kontor\\.' *\\|\\|");

  @Test
  void statementsNameTablesWithoutASchema() throws IOException {
    assertThat(sources().flatMap(SchemaNameTest::breaches).toList()).isEmpty();
  }

  private static Stream<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/main/java/"))
          .filter(file -> !file.startsWith(ROOT.resolve("benchmarks")))
          .toList()
          .stream();
    }
  }

  private static Stream<String> breaches(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.stream()
          .filter(line -> IN_SQL.matcher(line).find())
          .map(line -> file.getFileName() + ": " + line.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
