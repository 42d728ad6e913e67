package io.kontor.app;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tables of settings in docs/configuration.md are made from the settings' records: their
 * Javadoc, types, limits and defaults. The test writes them anew when it is run with {@code
 * -Dkontor.settings-table=write}.
 */
@Tag("fast")
class SettingsTableTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";
  private static final String HEAD =
      """
      | property | environment | type | default | meaning |
      | --- | --- | --- | --- | --- |
      """;

  /** A table has the settings below its prefix that are below no longer one. */
  private static final Pattern TABLE =
      Pattern.compile("<!-- settings: ([a-z.-]+) -->\n.*?<!-- end -->", Pattern.DOTALL);

  private static final Map<String, JsonNode> SETTINGS = settings();

  @Test
  void tablesShowTheSettings() throws IOException {
    String page = Files.readString(PAGE);
    List<String> prefixes = prefixes(page);
    String current =
        TABLE
            .matcher(page)
            .replaceAll(
                table ->
                    Matcher.quoteReplacement(
                        block(table.group(1), rows(table.group(1), prefixes))));
    if ("write".equals(System.getProperty("kontor.settings-table"))) {
      Files.writeString(PAGE, current);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/configuration.md is out of date: ./kontor test -pl app -am"
                + " -Dtest=SettingsTableTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dkontor.settings-table=write")
        .isEqualTo(current);
  }

  @Test
  void everySettingIsInATableAndExplained() throws IOException {
    List<String> prefixes = prefixes(Files.readString(PAGE));
    assertThat(SETTINGS).isNotEmpty();
    SETTINGS.forEach(
        (name, setting) -> {
          assertThat(prefixes).as(name).anyMatch(prefix -> isBelow(name, prefix));
          assertThat(setting.path("description").asString("")).as(name).isNotBlank();
        });
  }

  private static String block(String prefix, String rows) {
    return "<!-- settings: %s -->\n%s%s<!-- end -->".formatted(prefix, HEAD, rows);
  }

  private static String rows(String prefix, List<String> prefixes) {
    return SETTINGS.values().stream()
        .filter(setting -> closest(name(setting), prefixes).equals(prefix))
        .map(SettingsTableTest::row)
        .collect(joining());
  }

  private static String row(JsonNode setting) {
    return "| `%s` | `%s` | %s | %s | %s |\n"
        .formatted(
            name(setting) + (isMap(setting) ? ".*" : ""),
            environment(setting),
            kind(setting) + limits(setting),
            defaultValue(setting),
            setting.path("description").asString("").replaceAll("\\{@code ([^}]*)}", "`$1`"));
  }

  private static String environment(JsonNode setting) {
    return name(setting).replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT)
        + (isMap(setting) ? "_*" : "");
  }

  private static boolean isMap(JsonNode setting) {
    return type(setting).startsWith("java.util.Map");
  }

  private static String kind(JsonNode setting) {
    String type = type(setting);
    String simple = type.replaceAll("<.*", "").replaceAll(".*\\.", "");
    return switch (simple) {
      case "Duration" -> "duration";
      case "DataSize" -> "size";
      case "Integer", "Long", "Short" -> "whole number";
      case "Double" -> "number";
      case "Boolean" -> "true or false";
      case "URI" -> "URL";
      case "Path" -> "path";
      case "Map" -> type.contains("Integer") ? "whole number each" : "text each";
      case "List" -> type.contains("Duration") ? "durations" : "list";
      default -> "text";
    };
  }

  private static String defaultValue(JsonNode setting) {
    JsonNode value = setting.path("defaultValue");
    String shown =
        value.isArray()
            ? value.valueStream().map(JsonNode::asString).collect(joining(","))
            : value.asString("").replaceAll("[\\[\\] ]", "");
    return shown.isEmpty() ? "none" : "`%s`".formatted(shown);
  }

  /** The limits that the validation of its record component checks. */
  private static String limits(JsonNode setting) {
    Field field = field(setting);
    if (field == null) {
      return "";
    }
    String least =
        limit(field, Min.class, min -> Long.toString(min.value()))
            + limit(field, DecimalMin.class, DecimalMin::value)
            + limit(
                field,
                DurationMin.class,
                min -> duration(min.hours(), min.seconds(), min.millis()));
    String most =
        limit(field, Max.class, max -> Long.toString(max.value()))
            + limit(field, DecimalMax.class, DecimalMax::value)
            + limit(
                field,
                DurationMax.class,
                max -> duration(max.hours(), max.seconds(), max.millis()));
    if (least.isEmpty()) {
      return "";
    }
    return most.isEmpty() ? ", at least " + least : ", %s to %s".formatted(least, most);
  }

  private static <A extends Annotation> String limit(
      Field field, Class<A> constraint, Function<A, String> value) {
    A declared = field.getAnnotation(constraint);
    return declared == null ? "" : value.apply(declared);
  }

  private static String duration(long hours, long seconds, long millis) {
    Duration limit = Duration.ofHours(hours).plusSeconds(seconds).plusMillis(millis);
    if (limit.toMillisPart() > 0) {
      return limit.toMillis() + "ms";
    }
    return hours > 0 ? limit.toHours() + "h" : limit.toSeconds() + "s";
  }

  private static Field field(JsonNode setting) {
    String source = setting.path("sourceType").asString("");
    if (source.isEmpty()) {
      return null;
    }
    String last = name(setting).replaceAll(".*\\.", "");
    try {
      return Arrays.stream(Class.forName(source).getDeclaredFields())
          .filter(field -> DataObjectPropertyName.toDashedForm(field.getName()).equals(last))
          .findFirst()
          .orElseThrow();
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> prefixes(String page) {
    return TABLE.matcher(page).results().map(table -> table.group(1)).toList();
  }

  private static String closest(String name, List<String> prefixes) {
    return prefixes.stream()
        .filter(prefix -> isBelow(name, prefix))
        .max(Comparator.comparingInt(String::length))
        .orElse("");
  }

  private static boolean isBelow(String name, String prefix) {
    return name.equals(prefix) || name.startsWith(prefix + ".");
  }

  private static String name(JsonNode setting) {
    return setting.path("name").asString();
  }

  private static String type(JsonNode setting) {
    return setting.path("type").asString("");
  }

  private static Map<String, JsonNode> settings() {
    Map<String, JsonNode> settings = new TreeMap<>();
    try {
      for (URL metadata :
          Collections.list(SettingsTableTest.class.getClassLoader().getResources(METADATA))) {
        try (InputStream json = metadata.openStream()) {
          JsonMapper.shared()
              .readTree(json)
              .path("properties")
              .valueStream()
              .filter(setting -> name(setting).startsWith("kontor."))
              .forEach(setting -> settings.put(name(setting), setting));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return settings;
  }
}
