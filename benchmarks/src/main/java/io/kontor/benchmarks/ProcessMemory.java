package io.kontor.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of a process, as Linux accounts for it. */
final class ProcessMemory {
  private ProcessMemory() {}

  /** Its resident memory at its peak; 0 where that is not known. */
  static long peakMegabytes(long process) throws IOException {
    return kilobytes(process, "VmHWM:") / 1024;
  }

  /** Its resident memory; 0 where that is not known. */
  static long residentKilobytes(long process) throws IOException {
    return kilobytes(process, "VmRSS:");
  }

  private static long kilobytes(long process, String name) throws IOException {
    Path status = Path.of("/proc", Long.toString(process), "status");
    if (Files.notExists(status)) {
      return 0;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (UncheckedIOException ended) {
      return 0;
    }
  }
}
