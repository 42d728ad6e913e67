package io.kontor.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Clients of nodes in a process of their own, which answers each line of its input with a line. */
final class ClientProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final Writer input;
  private final BufferedReader output;

  /**
   * @param program its first argument is a list of ports with commas
   * @param ports of the nodes
   */
  ClientProcess(Class<?> program, List<Integer> ports, Map<String, String> environment)
      throws IOException {
    name = program.getSimpleName();
    var builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            ports.stream().map(String::valueOf).collect(Collectors.joining(",")));
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    process = builder.start();
    input = process.outputWriter(UTF_8);
    output = process.inputReader(UTF_8);
  }

  String answer(String command) throws IOException {
    input.write(command + "\n");
    input.flush();
    String line = output.readLine();
    if (line == null) {
      throw new IOException(name + " failed");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    input.close();
    output.close();
    process.destroy();
  }
}
