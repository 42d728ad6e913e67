package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code docker/compose.yaml} as Compose reads it, where every variable has a value of its own. */
record ComposeFile(Map<String, Map<String, Object>> services) {
  static final Path FOLDER = Path.of("..", "docker");

  private static final Pattern REQUIRED = Pattern.compile("\\$\\{(\\w+):\\?[^}]+}");

  /**
   * @param given values of variables; others get an arbitrary value
   */
  static ComposeFile read(Map<String, String> given) throws IOException {
    return read("compose.yaml", given);
  }

  /** The same, of one of the files that are laid over it. */
  static ComposeFile read(String name, Map<String, String> given) throws IOException {
    Matcher asked = REQUIRED.matcher(Files.readString(FOLDER.resolve(name)));
    String yaml =
        asked.replaceAll(
            match -> {
              String variable = match.group(1);
              return Matcher.quoteReplacement(
                  given.getOrDefault(variable, "it's $ecret of " + variable));
            });
    assertThat(yaml.replace("$ecret", "")).as("a variable with a default").doesNotContain("$");
    Map<String, Map<String, Map<String, Object>>> file =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    return new ComposeFile(file.get("services"));
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> environment(String service) {
    return Map.copyOf((Map<String, Object>) services.get(service).get("environment"));
  }

  /** What {@code postgres -c name=value} sets. */
  @SuppressWarnings("unchecked")
  Map<String, String> serverSettings() {
    var words = (List<String>) services.get("postgres").get("command");
    return settings(words.stream().filter(word -> word.contains("=")).toList());
  }

  /** The value of an option {@code initdb --name=value}. */
  Map<String, String> clusterSettings() {
    String words = environment("postgres").get("POSTGRES_INITDB_ARGS").toString();
    return settings(Pattern.compile("\\s+").splitAsStream(words.replace("--", "")).toList());
  }

  private static Map<String, String> settings(List<String> assignments) {
    var settings = new HashMap<String, String>();
    for (String assignment : assignments) {
      String[] sides = assignment.split("=", 2);
      settings.put(sides[0], sides[1]);
    }
    return settings;
  }
}
