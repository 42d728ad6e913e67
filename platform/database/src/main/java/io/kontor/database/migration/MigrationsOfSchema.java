package io.kontor.database.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.database.schema.DatabaseSchema;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The migrations with another schema's name in the place of the shared one's, which they contain:
 * they have run elsewhere and must not change. Session settings keep their names.
 */
final class MigrationsOfSchema implements ResourceProvider {
  private static final String FOLDER = "db/migration/";

  /**
   * The schema, a generation's schema or a notification channel: as a literal, or else as an
   * identifier. Logins and settings begin alike.
   */
  private static final Pattern NAME =
      Pattern.compile(
          "(?<!_setting\\(')(?<literal>(?<=')(?=kontor(_[a-z]+)?'))?"
              + "(?<![\\w-])kontor(?<suffix>_next|_previous|_scratch|_changes)?(?!\\w)");

  private final DatabaseSchema schema;
  private final List<LoadableResource> migrations;

  MigrationsOfSchema(DatabaseSchema schema) {
    this.schema = schema;
    try {
      this.migrations =
          Stream.of(
                  new PathMatchingResourcePatternResolver()
                      .getResources("classpath*:" + FOLDER + "*.sql"))
              .<LoadableResource>map(this::migration)
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable LoadableResource getResource(String name) {
    return null;
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    return migrations.stream()
        .filter(migration -> migration.getFilename().startsWith(prefix))
        .filter(migration -> Arrays.stream(suffixes).anyMatch(migration.getFilename()::endsWith))
        .toList();
  }

  private LoadableResource migration(Resource file) {
    try {
      return new Migration(
          Objects.requireNonNull(file.getFilename()), inSchema(file.getContentAsString(UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text with the schema's name. */
  String inSchema(String sql) {
    return NAME.matcher(sql)
        .replaceAll(
            found -> {
              String suffix = found.group("suffix");
              String name = schema.name() + (suffix == null ? "" : suffix);
              return Matcher.quoteReplacement(
                  found.group("literal") == null ? '"' + name + '"' : name);
            });
  }

  /** A file of which no more than the text differs. */
  private static final class Migration extends LoadableResource {
    private final String name;
    private final String sql;

    Migration(String name, String sql) {
      this.name = name;
      this.sql = sql;
    }

    @Override
    public Reader read() {
      return new StringReader(sql);
    }

    @Override
    public String getAbsolutePath() {
      return FOLDER + name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return FOLDER + name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
