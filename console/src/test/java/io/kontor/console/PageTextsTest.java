package io.kontor.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The texts of the pages are complete in both languages. */
@Tag("fast")
class PageTextsTest {
  private static final Path FOLDER = Path.of("src/main/resources/console");
  private static final Pattern NAMED = Pattern.compile("#\\{([a-z.-]+)");

  @Test
  void eachTextIsThereInBothLanguages() throws IOException {
    assertThat(texts("messages_de.properties").stringPropertyNames())
        .containsExactlyInAnyOrderElementsOf(texts("messages.properties").stringPropertyNames());
  }

  @Test
  void eachTextThatATemplateNamesIsThere() throws IOException {
    Set<String> named = new TreeSet<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path template : files.filter(file -> file.toString().endsWith(".html")).toList()) {
        NAMED
            .matcher(Files.readString(template))
            .results()
            .forEach(name -> named.add(name.group(1)));
      }
    }
    assertThat(texts("messages.properties").stringPropertyNames()).containsAll(named);
  }

  private static Properties texts(String file) throws IOException {
    var texts = new Properties();
    try (Reader reader = Files.newBufferedReader(FOLDER.resolve(file), UTF_8)) {
      texts.load(reader);
    }
    return texts;
  }
}
