package io.kontor.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The AOT cache as {@code ./kontor build} and the image make it, from the packaged programs, with a
 * second under load. A JVM in the mode {@code on} ends with an error when a cache does not fit.
 */
@Tag("system")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class AotCacheTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Path OPTIONS = ROOT.resolve("docker/java.options");

  @TempDir private Path folder;

  @Test
  void theTrainedReleaseAndTheDevelopmentBuildStartWithTheCache() throws Exception {
    Path release = unpacked(ROOT.resolve("app/target/kontor.jar"));
    Path development = unpacked(ROOT.resolve("dev/distribution/target/kontor-dev.jar"));
    Path cache = folder.resolve("kontor.aot");
    run(
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        development.toString(),
        "io.kontor.dev.training.TrainingCommand",
        release.toString(),
        OPTIONS.toString(),
        cache.toString(),
        "1");
    assertThat(cache).isNotEmptyFile();

    String[] mode = {"@" + OPTIONS, "-XX:AOTCache=" + cache, "-XX:AOTMode=on"};
    run(mode, "-jar", release.toString(), "--help");
    String classPath = release + File.pathSeparator + librariesOnlyIn(development, release);
    run(mode, "-cp", classPath, "io.kontor.app.KontorCommandLine", "--help");
  }

  private Path unpacked(Path jar) throws Exception {
    Path target = folder.resolve(jar.getFileName().toString().replace(".jar", ""));
    run("-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", target.toString());
    return target.resolve(jar.getFileName());
  }

  /** What {@code ./kontor run} puts behind the release for the embedded profile. */
  private static String librariesOnlyIn(Path development, Path release) throws IOException {
    try (Stream<Path> libraries = Files.list(development.resolveSibling("lib"))) {
      return libraries
          .filter(library -> !library.getFileName().toString().startsWith("kontor-app-"))
          .filter(
              library ->
                  Files.notExists(release.resolveSibling("lib").resolve(library.getFileName())))
          .map(Path::toString)
          .sorted()
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  private void run(String[] options, String... arguments) throws Exception {
    run(Stream.concat(Stream.of(options), Stream.of(arguments)).toArray(String[]::new));
  }

  private void run(String... arguments) throws Exception {
    Path log = Files.createTempFile(folder, "run-", ".log");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(java), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int exitCode = process.waitFor();
      assertThat(exitCode).as(() -> List.of(arguments) + ":\n" + text(log)).isZero();
    } finally {
      process.destroy();
    }
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
