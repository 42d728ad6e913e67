package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.junit.ArchTag;
import io.kontor.kafka.EmbeddedKafkaBroker;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.postgres.TestDatabase;
import io.kontor.testsupport.TestAxonServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.chrome.ChromeDriver;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * A test's tag follows from what it uses, itself or through other test classes: {@code system} with
 * a process, a browser, a broker or a PostgreSQL of its own, {@code fast} without any server, none
 * with the shared PostgreSQL or the bank in this JVM. Looks at the compiled tests of all modules.
 */
@Tag("fast")
class TestTagsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The tags of JUnit, ArchUnit and jqwik, each of which sees its own only. */
  private static final Set<String> TAGS =
      Set.of(Tag.class.getName(), ArchTag.class.getName(), "net.jqwik.api.Tag");

  private static final Set<String> SYSTEM =
      names(
          ProcessBuilder.class,
          ChromeDriver.class,
          EmbeddedKafkaBroker.class,
          TestAxonServer.class,
          io.zonky.test.db.postgres.embedded.EmbeddedPostgres.class);
  private static final String START = EmbeddedPostgres.class.getName() + ".start";
  private static final Set<String> SERVERS =
      names(
          TestDatabase.class,
          EmbeddedPostgres.class,
          SpringApplication.class,
          SpringBootTest.class);

  @Test
  void everyTestHasTheTagThatFollowsFromWhatItUses() throws IOException {
    List<Path> folders = testClasses();
    JavaClasses classes =
        ArchConfiguration.withThreadLocalScope(
            settings -> {
              settings.setResolveMissingDependenciesFromClassPath(false);
              return new ClassFileImporter().importPaths(folders);
            });
    Map<String, List<String>> wrong = new TreeMap<>();
    for (JavaClass type : classes) {
      if (type.isTopLevelClass()
          && type.getSimpleName().endsWith("Test")
          && !type.getModifiers().contains(JavaModifier.ABSTRACT)
          && !type.isEquivalentTo(TestTagsTest.class)) {
        List<String> tags = tagsOf(type);
        List<String> right = tagsThatFollow(type, classes);
        if (!tags.equals(right)) {
          wrong.put(type.getName(), right);
        }
      }
    }
    assertThat(wrong).as("tests with wrong tags, and their right ones").isEmpty();
  }

  private static List<String> tagsOf(JavaClass type) {
    return Stream.concat(Stream.of(type), type.getAllRawSuperclasses().stream())
        .flatMap(declaring -> declaring.getAnnotations().stream())
        .filter(annotation -> TAGS.contains(annotation.getRawType().getName()))
        .map(annotation -> annotation.get("value").orElseThrow().toString())
        .distinct()
        .toList();
  }

  private static List<String> tagsThatFollow(JavaClass type, JavaClasses tests) {
    Set<String> used = used(type, tests);
    if (used.contains(START) || used.stream().anyMatch(SYSTEM::contains)) {
      return List.of("system");
    }
    return used.stream().anyMatch(SERVERS::contains) ? List.of() : List.of("fast");
  }

  /** All types and methods that a test class uses, directly or through other test classes. */
  private static Set<String> used(JavaClass test, JavaClasses tests) {
    Set<String> used = new HashSet<>();
    var next = new ArrayDeque<>(List.of(test));
    while (!next.isEmpty()) {
      JavaClass user = next.remove();
      for (JavaMethodCall call : user.getMethodCallsFromSelf()) {
        used.add(call.getTargetOwner().getName() + "." + call.getName());
      }
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (used.add(target.getName()) && tests.contain(target.getName())) {
          next.add(tests.get(target.getName()));
        }
      }
    }
    return used;
  }

  private static List<Path> testClasses() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 3)) {
      return files
          .filter(file -> file.endsWith("pom.xml"))
          .map(pom -> pom.resolveSibling("target/test-classes"))
          .filter(Files::isDirectory)
          .toList();
    }
  }

  private static Set<String> names(Class<?>... types) {
    return Set.copyOf(Stream.of(types).map(Class::getName).toList());
  }
}
