package io.kontor.app;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the pages of the documentation refer to is there: pages, headings, files, types and log
 * lines. What has to be in them is: modules, reasons, alerts, decisions.
 */
@Tag("fast")
class DocsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCS = ROOT.resolve("docs");

  private static final Pattern FENCED =
      Pattern.compile("^ *```.*?^ *```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);
  private static final Pattern FILE =
      Pattern.compile(
          "(?<![\\w./-])[\\w.-]+(?:/[\\w.-]+)+\\.(?:java|md|sql|xml|ya?ml|json|svg)\\b");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)`");
  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w+)(?:\\.\\w+)?`");

  /** A line of Kontor's own: one of a library is followed by the name of its logger. */
  private static final Pattern LOG_LINE = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern SLUG = Pattern.compile("return \"([a-z]+(?:-[a-z]+)+)\";");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");

  @Test
  void linksLeadToPagesAndHeadings() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      for (String link : all(LINK, prose(page))) {
        if (!link.contains(":") && !leadsSomewhere(page, link)) {
          broken.add(ROOT.relativize(page) + " -> " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return parts.length == 1
        || all(HEADING, prose(target)).stream().map(DocsTest::anchor).anyMatch(parts[1]::equals);
  }

  /** A heading's anchor, as viewers of Markdown make it. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  @Test
  void filesThatAreNamedExist() throws IOException {
    Set<String> folders;
    try (Stream<Path> top = Files.list(ROOT)) {
      folders =
          top.filter(Files::isDirectory)
              .map(folder -> folder.getFileName().toString())
              .collect(toCollection(TreeSet::new));
    }
    List<String> missing = new ArrayList<>();
    for (Path page : pages()) {
      for (String file : all(FILE, Files.readString(page))) {
        if (folders.contains(Path.of(file).getName(0).toString())
            && !file.contains("/target/")
            && !Files.exists(ROOT.resolve(file))
            && !Files.exists(page.resolveSibling(file))) {
          missing.add(ROOT.relativize(page) + ": " + file);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void typesThatAreNamedExist() throws IOException {
    Set<String> declared = declaredTypes();
    List<String> missing = new ArrayList<>();
    for (Path page : pages()) {
      boolean namesOurTypes =
          page.equals(DOCS.resolve("architecture.md")) || page.equals(DOCS.resolve("walk.md"));
      for (String type : all(namesOurTypes ? TYPE : TEST, prose(page))) {
        if (!declared.contains(type)) {
          missing.add(ROOT.relativize(page) + ": " + type);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static Set<String> declaredTypes() throws IOException {
    return sources("src")
        .flatMap(source -> all(DECLARED, source).stream())
        .collect(toCollection(TreeSet::new));
  }

  @Test
  void everyModuleIsInTheTableOfModules() throws IOException {
    List<String> modules = all(MODULE, Files.readString(ROOT.resolve("pom.xml")));
    String architecture = Files.readString(DOCS.resolve("architecture.md"));
    assertThat(modules)
        .isNotEmpty()
        .allSatisfy(module -> assertThat(architecture).contains("\n| `" + module + "` |"));
  }

  @Test
  void everyReasonOfARejectionIsInTheGuide() throws IOException {
    Path rejections = ROOT.resolve("api/src/main/java/io/kontor/api/Rejection.java");
    List<String> slugs = all(SLUG, Files.readString(rejections));
    String guide = Files.readString(DOCS.resolve("guide.md"));
    assertThat(slugs)
        .contains("insufficient-funds")
        .allSatisfy(slug -> assertThat(guide).contains("`" + slug + "`"));
  }

  @Test
  void logLinesOfTheIndexAreWritten() throws IOException {
    String code =
        sources("src/main")
            .collect(joining("\n"))
            .replace("\\", "")
            .replaceAll("\"\\s*\\+\\s*\"", "");
    String index = Files.readString(DOCS.resolve("operations/README.md"));
    List<String> missing = new ArrayList<>();
    for (String line : all(LOG_LINE, index.substring(index.indexOf("## The log")))) {
      for (String part : line.split("\\.\\.\\.", -1)) {
        if (!code.contains(part)) {
          missing.add(line);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /** The Java sources below {@code folder} of any module. */
  private static Stream<String> sources(String folder) throws IOException {
    List<String> sources = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          // What is built, or the data of a bank, may change meanwhile.
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            String name = path.getFileName().toString();
            boolean isBuilt = name.equals("target") || name.equals("data") || name.startsWith(".");
            return isBuilt && !path.equals(ROOT)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = file.toString();
            if (path.endsWith(".java") && path.contains("/" + folder + "/")) {
              sources.add(read(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources.stream();
  }

  @Test
  void everyAlertHasARunbookAndIsInTheIndex() throws IOException {
    String alerts = Files.readString(ComposeFile.FOLDER.resolve("alerts.yaml"));
    List<String> names = all(Pattern.compile("- alert: (\\w+)"), alerts);
    List<String> runbooks = all(Pattern.compile("runbook: (\\S+)"), alerts);
    assertThat(runbooks)
        .hasSameSizeAs(names)
        .allSatisfy(runbook -> assertThat(ROOT.resolve(runbook)).exists());

    String index = Files.readString(DOCS.resolve("operations/README.md"));
    assertThat(names).allSatisfy(alert -> assertThat(index).contains("`" + alert + "`"));
  }

  @Test
  void everyDecisionHasAStatusAndIsInTheIndex() throws IOException {
    String index = Files.readString(DOCS.resolve("adr/README.md"));
    try (Stream<Path> records = Files.list(DOCS.resolve("adr"))) {
      records
          .filter(adr -> !adr.endsWith("README.md"))
          .forEach(
              adr -> {
                assertThat(read(adr))
                    .as(adr.toString())
                    .containsPattern("\n\nStatus: (accepted|superseded) · \\d{4}-\\d\\d-\\d\\d");
                assertThat(index).contains("(" + adr.getFileName() + ")");
              });
    }
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(DOCS)) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  /** A page without its blocks of code. */
  private static String prose(Path page) throws IOException {
    return Files.isDirectory(page) ? "" : FENCED.matcher(Files.readString(page)).replaceAll("");
  }

  /** The pattern's first group, or all of it, wherever it is found. */
  private static List<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(found.groupCount() == 0 ? 0 : 1))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
