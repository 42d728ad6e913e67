package io.kontor.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A load generator in a process of its own, for the nodes of one bank. */
final class HttpLoad implements AutoCloseable {
  private final Process process;
  private final Writer input;
  private final BufferedReader output;

  /**
   * @param ports of the nodes, which the connections are spread over
   * @param token null when the node issues one itself
   */
  HttpLoad(List<Integer> ports, @Nullable String token) throws IOException {
    var program =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LoadGenerator.class.getName(),
            ports.stream().map(String::valueOf).collect(Collectors.joining(",")));
    if (token != null) {
      program.environment().put(LoadGenerator.TOKEN, token);
    }
    program.redirectError(ProcessBuilder.Redirect.INHERIT);
    process = program.start();
    input = process.outputWriter(StandardCharsets.UTF_8);
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Opens accounts with a million euros each, over HTTP, and returns the ids of all. */
  List<String> open(int accounts) throws IOException {
    return List.of(answer(LoadGenerator.OPEN + " " + accounts).split(" ", -1));
  }

  /** Names the accounts to work on. */
  void use(List<String> accounts) throws IOException {
    answer(LoadGenerator.USE + " " + String.join(" ", accounts));
  }

  /**
   * One slice.
   *
   * @param accounts how many of the opened accounts take part at most
   * @param perSecond the rate; 0 for as fast as the answers come
   */
  Slice run(String kind, int accounts, int connections, Duration time, double perSecond)
      throws IOException {
    String[] figures =
        answer(
                "%s %s %d %d %d %s"
                    .formatted(
                        LoadGenerator.RUN,
                        kind,
                        accounts,
                        connections,
                        time.toMillis(),
                        Double.toString(perSecond)))
            .split(" ", -1);
    return new Slice(
        Double.parseDouble(figures[0]), Long.parseLong(figures[1]), histogram(figures[2]));
  }

  private String answer(String command) throws IOException {
    input.write(command + "\n");
    input.flush();
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the load generator failed");
    }
    return line;
  }

  private static Histogram histogram(String text) throws IOException {
    try {
      return Histogram.decodeFromCompressedByteBuffer(
          ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
    } catch (DataFormatException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    input.close();
    output.close();
    process.destroy();
  }
}
