package io.kontor.command.transfer.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a stream, read as they come; of one that is too long, nothing is kept. */
final class BoundedLines {
  private static final int BUFFER = 16_384;

  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[BUFFER];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int position;
  private int end;

  /**
   * @param longest the length of a line at most, in bytes
   */
  BoundedLines(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /**
   * @param bytes without the end of the line; empty when it is too long
   */
  @SuppressWarnings("ArrayRecordComponent") // it is read once and never compared
  record Line(byte[] bytes, boolean isTooLong) {
    boolean isBlank() {
      for (byte each : bytes) {
        if (!Character.isWhitespace(each)) {
          return false;
        }
      }
      return !isTooLong;
    }
  }

  /** The next line, the last of which needs no end; null at the end of the stream. */
  @Nullable Line next() throws IOException {
    line.reset();
    boolean isTooLong = false;
    while (true) {
      if (position == end && !fill()) {
        return line.size() == 0 && !isTooLong ? null : line(isTooLong);
      }
      int from = position;
      while (position < end && buffer[position] != '\n') {
        position++;
      }
      isTooLong |= line.size() + position - from > longest;
      if (isTooLong) {
        line.reset();
      } else {
        line.write(buffer, from, position - from);
      }
      if (position < end) {
        position++;
        return line(isTooLong);
      }
    }
  }

  private Line line(boolean isTooLong) {
    return new Line(line.toByteArray(), isTooLong);
  }

  private boolean fill() throws IOException {
    position = 0;
    end = Math.max(in.read(buffer), 0);
    return end > 0;
  }
}
