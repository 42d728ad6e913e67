package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import jakarta.annotation.Nonnull;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client is generated from the API description, as the guide says, and does the README's story.
 */
@Tag("system")
@Timeout(300)
class ApiClientTest {
  private static final Path GENERATOR =
      Path.of("target/openapi-generator/openapi-generator-cli.jar");
  private static final Path STORY = Path.of("src/test/client/ReadmeStory.java");

  /** What the generated client needs beside the JDK. */
  private static final List<Class<?>> LIBRARIES =
      List.of(
          JsonCreator.class,
          JsonParser.class,
          ObjectMapper.class,
          JavaTimeModule.class,
          Nonnull.class);

  private final BankFixture bank = BankFixture.running();

  @TempDir Path folder;

  @Test
  void aGeneratedClientDoesTheFirstTransfer() throws Exception {
    Path description =
        Files.writeString(
            folder.resolve("kontor.json"),
            bank.anyone().get("/v3/api-docs").expect(200).http().body());
    Path client = folder.resolve("client");
    generate(description, client);
    Path classes = compile(client.resolve("src/main/java"));

    Map<String, String> seen = story(classes);

    assertThat(seen)
        .containsEntry("Charles", "12.50")
        .containsEntry("Ada", "87.50")
        .containsEntry("currency", "EUR")
        .containsEntry("postings", "2")
        .containsEntry("difference", "0")
        .containsEntry("replayed", "true")
        .containsEntry("transfer, sent again", seen.get("transfer"))
        .containsEntry("location", "/v1/transfers/" + seen.get("transfer"))
        .containsEntry("too much", "422");
  }

  private void generate(Path description, Path client) throws Exception {
    Path log = folder.resolve("generator.log");
    Process generator =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                GENERATOR.toString(),
                "generate",
                "-i",
                description.toString(),
                "-g",
                "java",
                "--library",
                "native",
                "--invoker-package",
                "io.kontor.client",
                "--api-package",
                "io.kontor.client.api",
                "--model-package",
                "io.kontor.client.model",
                "--additional-properties",
                "openApiNullable=false,useJakartaEe=true",
                "-o",
                client.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(generator.waitFor(240, TimeUnit.SECONDS)).isTrue();
    assertThat(generator.exitValue()).as(Files.readString(log)).isZero();
  }

  private Path compile(Path sources) throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<File> files;
    try (Stream<Path> tree = Files.walk(sources)) {
      files =
          Stream.concat(Stream.of(STORY), tree.filter(file -> file.toString().endsWith(".java")))
              .map(Path::toFile)
              .toList();
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new StringWriter();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  manager,
                  null,
                  List.of("-d", classes.toString(), "-cp", classPath()),
                  null,
                  manager.getJavaFileObjectsFromFiles(files))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
    return classes;
  }

  private static String classPath() {
    return LIBRARIES.stream()
        .map(type -> Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  @SuppressWarnings("unchecked")
  private Map<String, String> story(Path classes) throws Exception {
    var path = new URL[] {classes.toUri().toURL()};
    try (var loader = new URLClassLoader(path, ApiClientTest.class.getClassLoader())) {
      return (Map<String, String>)
          loader
              .loadClass("client.ReadmeStory")
              .getMethod("tell", String.class, String.class)
              .invoke(null, "http://localhost:" + bank.anyone().port(), bank.newTenant());
    }
  }
}
