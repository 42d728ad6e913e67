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

  /** The server's memory at its peak; 0 where it is not known. */
  long peakMegabytes() throws IOException {
    return ProcessMemory.peakMegabytes(server.process().pid());
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
