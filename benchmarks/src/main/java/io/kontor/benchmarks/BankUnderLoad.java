package io.kontor.benchmarks;

import java.io.IOException;
import java.util.List;

/** A server process with its load generator. */
final class BankUnderLoad implements AutoCloseable {
  private final ServerProcess server;
  private final HttpLoad generator;
  private final ProcessTime processes;

  BankUnderLoad(ServerEnvironment environment, ServerProcess server) throws IOException {
    this.server = server;
    processes =
        new ProcessTime(List.of(server.process().pid()), environment.postgres().processId());
    generator = new HttpLoad(List.of(server.port()), environment.teller());
  }

  /** A result with the server's memory in its note. */
  Result notingMemory(Result result) throws IOException {
    return server.notingMemory(result);
  }

  HttpLoad generator() {
    return generator;
  }

  ProcessTime processes() {
    return processes;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    generator.close();
    server.close();
  }
}
