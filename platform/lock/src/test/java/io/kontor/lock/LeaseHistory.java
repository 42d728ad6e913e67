package io.kontor.lock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who believed to hold one resource, and when, by the clock that all processes of a machine share
 * ({@link System#nanoTime} on Linux). A holder believes from the moment it read its lease as valid
 * until it left, or until its lease's validity ended if that came first. So the intervals may not
 * overlap, however long anything is paused.
 */
final class LeaseHistory {

  /** A holder's belief, in nanoseconds of the shared clock; the end is exclusive. */
  record Interval(String holder, long fence, long fromNanos, long toNanos) {
    /** Extensions count if the lease was still valid when it was left. */
    private Interval until(long leftNanos, boolean valid) {
      return new Interval(
          holder, fence, fromNanos, valid ? leftNanos : Math.min(leftNanos, toNanos));
    }
  }

  /** Writes one process's part; each line survives the process. */
  static final class Recorder implements AutoCloseable {
    private final FileChannel file;

    Recorder(Path path) throws IOException {
      file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Returns whether the holder may go on: its lease was valid when it looked. */
    boolean entered(String holder, Lease lease) throws IOException {
      long now = System.nanoTime();
      long until = now + lease.validity().toNanos();
      if (until > now) {
        write(
            "entered %s %s %d %d %d%n"
                .formatted(lease.token(), holder, lease.fencingNumber().orElse(0), now, until));
      }
      return until > now;
    }

    void left(Lease lease) throws IOException {
      long now = System.nanoTime();
      write("left %s %d %b%n".formatted(lease.token(), now, lease.isValid()));
    }

    private synchronized void write(String line) throws IOException {
      file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private final List<Interval> intervals;

  private LeaseHistory(List<Interval> intervals) {
    this.intervals = intervals;
  }

  /** Reads what processes have written, also those that were killed. */
  static LeaseHistory read(List<Path> files) {
    Map<String, Interval> byToken = new HashMap<>();
    for (Path file : files) {
      for (String line : lines(file)) {
        String[] part = line.split(" ", -1);
        if (part[0].equals("entered")) {
          byToken.put(
              part[1],
              new Interval(
                  part[2],
                  Long.parseLong(part[3]),
                  Long.parseLong(part[4]),
                  Long.parseLong(part[5])));
        } else if (part[0].equals("left")) {
          byToken.computeIfPresent(
              part[1],
              (token, entered) ->
                  entered.until(Long.parseLong(part[2]), Boolean.parseBoolean(part[3])));
        }
      }
    }
    return new LeaseHistory(
        byToken.values().stream().sorted(Comparator.comparingLong(Interval::fromNanos)).toList());
  }

  List<Interval> intervals() {
    return intervals;
  }

  /** Pairs of intervals that overlap, as sentences; empty when one held the resource at a time. */
  List<String> overlaps() {
    List<String> overlaps = new ArrayList<>();
    for (int n = 1; n < intervals.size(); n++) {
      Interval former = intervals.get(n - 1);
      Interval next = intervals.get(n);
      if (next.fromNanos() < former.toNanos()) {
        overlaps.add("%s overlaps %s".formatted(next, former));
      }
    }
    return overlaps;
  }

  private static List<String> lines(Path file) {
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      String text = Files.readString(file);
      // A process that was killed may have written half a line.
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
