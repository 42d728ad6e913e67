package io.kontor.app;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.Rejection;
import io.kontor.web.openapi.Answers;
import io.kontor.web.problem.ProblemType;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The table of problems in docs/guide.md is made from the problem types and from the answers that
 * the calls declare. The test writes it anew when it is run with {@code
 * -Dkontor.problem-table=write}.
 */
@org.junit.jupiter.api.Tag("fast")
class ProblemTableTest {
  private static final Path PAGE = Path.of("../docs/guide.md");
  private static final String HEAD =
      """
      | status | `type` ends with | title | when it is answered | calls |
      | --- | --- | --- | --- | --- |
      """;
  private static final Pattern TABLE =
      Pattern.compile("<!-- problems -->\n.*?<!-- end -->", Pattern.DOTALL);

  /** The features whose calls declare the problem. */
  private static final Map<ProblemType, Set<String>> FEATURES = features();

  @Test
  void tableShowsTheProblems() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).containsPattern(TABLE);
    String current = TABLE.matcher(page).replaceFirst(Matcher.quoteReplacement(table()));
    if ("write".equals(System.getProperty("kontor.problem-table"))) {
      Files.writeString(PAGE, current);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/guide.md is out of date: ./kontor test -pl app -am"
                + " -Dtest=ProblemTableTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dkontor.problem-table=write")
        .isEqualTo(current);
  }

  @Test
  void callsOfAProblemAreNamedInOnePlace() {
    assertThat(ProblemType.values())
        .allSatisfy(
            type -> assertThat(type.calls().isEmpty()).isEqualTo(FEATURES.containsKey(type)));
  }

  @Test
  void everyRejectionIsAProblemWithTheStatusOfItsKind() throws ReflectiveOperationException {
    for (Class<?> type : Rejection.class.getPermittedSubclasses()) {
      Rejection rejection = anyOf(type);
      assertThat(ProblemType.ofSlug(rejection.slug()).status())
          .as(rejection.slug())
          .isEqualTo(
              switch (rejection.kind()) {
                case BUSINESS_RULE -> HttpStatus.UNPROCESSABLE_CONTENT;
                case INVALID -> HttpStatus.BAD_REQUEST;
                case CONFLICT -> HttpStatus.CONFLICT;
                case UNKNOWN -> HttpStatus.NOT_FOUND;
                case VERSION_MISMATCH -> HttpStatus.PRECONDITION_FAILED;
              });
    }
  }

  private static String table() {
    String rows =
        Arrays.stream(ProblemType.values())
            .sorted(Comparator.comparing(ProblemType::status).thenComparing(ProblemType::slug))
            .map(ProblemTableTest::row)
            .collect(joining());
    return "<!-- problems -->\n" + HEAD + rows + "<!-- end -->";
  }

  private static String row(ProblemType type) {
    return "| %d | `%s` | %s | %s | %s |\n"
        .formatted(
            type.status().value(),
            type.slug(),
            type.title(),
            type.meaning(),
            type.calls().isEmpty()
                ? String.join(", ", FEATURES.getOrDefault(type, Set.of()))
                : type.calls());
  }

  private static Map<ProblemType, Set<String>> features() {
    Map<ProblemType, Set<String>> features = new EnumMap<>(ProblemType.class);
    for (Class<?> controller : controllers()) {
      for (Method call : controller.getDeclaredMethods()) {
        Answers answers = call.getAnnotation(Answers.class);
        if (answers != null) {
          String feature = controller.getAnnotation(Tag.class).name();
          add(features, feature, HttpStatus.CONFLICT, answers.conflicts());
          add(features, feature, HttpStatus.TOO_MANY_REQUESTS, answers.limits());
          add(features, feature, HttpStatus.UNPROCESSABLE_CONTENT, answers.rejections());
        }
      }
    }
    return features;
  }

  private static void add(
      Map<ProblemType, Set<String>> features, String feature, HttpStatus status, String[] slugs) {
    for (String slug : slugs) {
      ProblemType type = ProblemType.ofSlug(slug);
      assertThat(type.status()).as(slug).isEqualTo(status);
      features.computeIfAbsent(type, none -> new TreeSet<>()).add(feature);
    }
  }

  private static List<Class<?>> controllers() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
    return scanner.findCandidateComponents("io.kontor").stream()
        .map(BeanDefinition::getBeanClassName)
        .<Class<?>>map(ProblemTableTest::load)
        .toList();
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ProblemTableTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** A rejection without contents: its slug and kind don't depend on them. */
  private static Rejection anyOf(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> constructor = type.getDeclaredConstructors()[0];
    Object[] nothing =
        Arrays.stream(constructor.getParameterTypes())
            .map(component -> Array.get(Array.newInstance(component, 1), 0))
            .toArray();
    return (Rejection) constructor.newInstance(nothing);
  }
}
