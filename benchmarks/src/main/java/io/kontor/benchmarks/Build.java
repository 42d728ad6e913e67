package io.kontor.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A build of the server.
 *
 * @param name names it in files and databases
 * @param jar the development build, {@code kontor-dev.jar}
 * @param options further options of its virtual machine
 */
record Build(String name, Path jar, List<String> options) {

  /** The same program with its libraries beside it, as {@code ./kontor run} starts it. */
  Path unpackedIn(Path folder) throws IOException, InterruptedException {
    Path unpacked = folder.resolve("unpacked-" + name);
    Path program = unpacked.resolve(jar.getFileName());
    if (Files.notExists(program)) {
      Process extract =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djarmode=tools",
                  "-jar",
                  jar.toString(),
                  "extract",
                  "--destination",
                  unpacked.toString())
              .inheritIO()
              .start();
      if (extract.waitFor() != 0) {
        throw new IOException(jar + " can't be unpacked");
      }
    }
    return program;
  }
}
