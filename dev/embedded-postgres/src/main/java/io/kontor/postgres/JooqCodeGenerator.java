package io.kontor.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.database.DatabaseLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.GeneratedAnnotationType;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;

/**
 * A build step that generates jOOQ classes from the migrations, applied to an empty database. It
 * does nothing while the migrations are unchanged.
 */
public final class JooqCodeGenerator {
  private static final String SCHEMA = "kontor";

  private JooqCodeGenerator() {}

  /**
   * @param arguments the output folder, the package of the classes, a regular expression for the
   *     tables wanted, then the folders that hold migrations
   */
  public static void main(String[] arguments) throws Exception {
    Path output = Path.of(arguments[0]);
    String packageName = arguments[1];
    String tables = arguments[2];
    List<Path> folders = Arrays.stream(arguments).skip(3).map(Path::of).toList();
    String fingerprint = fingerprint(packageName + "/" + tables, folders);
    Path done = output.resolve("migrations.sha256");
    if (Files.exists(done) && Files.readString(done).equals(fingerprint)) {
      return;
    }
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.startTemporary()) {
      migrate(postgres, folders);
      GenerationTool.generate(configuration(postgres, output, packageName, tables));
    }
    Files.writeString(done, fingerprint);
  }

  private static void migrate(EmbeddedPostgres postgres, List<Path> folders) {
    Flyway.configure()
        .dataSource(postgres.dataSource(DatabaseLogin.OWNER))
        .locations(folders.stream().map(folder -> "filesystem:" + folder).toArray(String[]::new))
        .defaultSchema(SCHEMA)
        .load()
        .migrate();
  }

  private static Configuration configuration(
      EmbeddedPostgres postgres, Path output, String packageName, String tables) {
    return new Configuration()
        .withLogging(Logging.WARN)
        .withJdbc(
            new Jdbc()
                .withUrl(postgres.jdbcUrl())
                .withUser(DatabaseLogin.OWNER.role())
                .withPassword(postgres.password(DatabaseLogin.OWNER)))
        .withGenerator(
            new Generator()
                .withDatabase(
                    new Database()
                        .withInputSchema(SCHEMA)
                        .withIncludes(tables)
                        .withIncludeRoutines(false)
                        .withForcedTypes(
                            new ForcedType()
                                .withName("INSTANT")
                                .withIncludeTypes("(?i:timestamp with time zone|timestamptz)")))
                .withGenerate(
                    new Generate()
                        .withRecords(false)
                        .withGlobalCatalogReferences(false)
                        .withGeneratedAnnotation(true)
                        .withGeneratedAnnotationType(
                            GeneratedAnnotationType.JAVAX_ANNOTATION_PROCESSING_GENERATED))
                .withTarget(
                    new Target()
                        .withDirectory(output.toString())
                        .withPackageName(packageName)
                        .withClean(true)));
  }

  private static String fingerprint(String wanted, List<Path> folders)
      throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(wanted.getBytes(UTF_8));
    for (Path folder : folders) {
      for (Path migration : migrations(folder)) {
        digest.update(migration.getFileName().toString().getBytes(UTF_8));
        digest.update(Files.readAllBytes(migration));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Path> migrations(Path folder) throws IOException {
    List<Path> migrations = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*.sql")) {
      files.forEach(migrations::add);
    }
    migrations.sort(null);
    return migrations;
  }
}
