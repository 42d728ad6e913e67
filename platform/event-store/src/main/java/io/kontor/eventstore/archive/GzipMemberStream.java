package io.kontor.eventstore.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A gzip file of members of about a megabyte, each of whole lines. Any gzip tool unpacks it; a
 * truncated file is valid up to its last complete member. The lines alone decide where a member
 * ends, so an export in several runs has the same bytes.
 */
final class GzipMemberStream {
  private static final int FULL = 1 << 20;

  /**
   * The largest unpacked size of a member; a member closes with the line that exceeds a megabyte.
   */
  private static final int LARGEST = 64 << 20;

  private static final int FIRST_HEADER_BYTE = 0x1f;
  private static final int FLAGS = 3;
  private static final int HEADER = 10;
  private static final int TRAILER = 8;

  private GzipMemberStream() {}

  /** Collects lines and writes each full member; it is on disk before the next one starts. */
  static final class Writer implements AutoCloseable {
    private final FileChannel file;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream(FULL + FULL / 8);

    Writer(FileChannel file) {
      this.file = file;
    }

    void line(byte[] line) throws IOException {
      lines.writeBytes(line);
      if (lines.size() >= FULL) {
        flush();
      }
    }

    private void flush() throws IOException {
      var packed = new ByteArrayOutputStream(FULL / 4);
      try (var gzip = new GZIPOutputStream(packed)) {
        lines.writeTo(gzip);
      }
      lines.reset();
      var bytes = ByteBuffer.wrap(packed.toByteArray());
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(false);
    }

    /** Writes the last member and closes the file. */
    void finish() throws IOException {
      if (lines.size() > 0) {
        flush();
      }
      file.close();
    }

    /** Closes the file without the lines of the unfinished member. */
    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Unpacks member by member. */
  static final class Reader implements AutoCloseable {
    private final InputStream file;
    private final Inflater inflater = new Inflater(true);
    private final byte[] input = new byte[1 << 16];
    private int available;
    private int used;
    private long passed;

    Reader(FileChannel file) {
      this.file = new BufferedInputStream(Channels.newInputStream(file));
    }

    /** The end of the last member read. */
    long offset() {
      return passed;
    }

    /**
     * The lines of the next member, without line ends; null after the last.
     *
     * @throws EOFException when the file ends inside a member
     * @throws IOException when the file is not in this format
     */
    @Nullable List<String> next() throws IOException {
      int first = read();
      if (first < 0) {
        return null;
      }
      if (first != FIRST_HEADER_BYTE) {
        throw new IOException("not a gzip file, or damaged at byte " + passed);
      }
      long length = 1;
      for (int n = 1; n < HEADER; n++) {
        int next = required();
        if (n == FLAGS && next != 0) {
          throw new IOException("packed by another tool than kontor events export");
        }
        length++;
      }
      byte[] unpacked;
      try {
        unpacked = inflate();
      } catch (DataFormatException damaged) {
        throw new IOException("damaged after byte " + passed, damaged);
      }
      length += inflater.getBytesRead();
      checkSum(unpacked);
      passed += length + TRAILER;
      return Arrays.asList(new String(unpacked, UTF_8).split("\n", -1)).subList(0, lines(unpacked));
    }

    private static int lines(byte[] unpacked) {
      int count = 0;
      for (byte next : unpacked) {
        count += next == '\n' ? 1 : 0;
      }
      return count;
    }

    private byte[] inflate() throws IOException, DataFormatException {
      inflater.reset();
      var unpacked = new ByteArrayOutputStream(FULL + FULL / 8);
      var buffer = new byte[1 << 16];
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          fill();
          inflater.setInput(input, used, available - used);
          used = available;
        }
        unpacked.write(buffer, 0, inflater.inflate(buffer));
        if (unpacked.size() > LARGEST) {
          throw new DataFormatException("unpacks to more than kontor events export packs");
        }
      }
      used = available - inflater.getRemaining();
      return unpacked.toByteArray();
    }

    private void checkSum(byte[] unpacked) throws IOException {
      var trailer = ByteBuffer.allocate(TRAILER).order(ByteOrder.LITTLE_ENDIAN);
      for (int n = 0; n < TRAILER; n++) {
        trailer.put((byte) required());
      }
      var crc = new CRC32();
      crc.update(unpacked);
      trailer.flip();
      if (trailer.getInt() != (int) crc.getValue() || trailer.getInt() != unpacked.length) {
        throw new IOException("damaged after byte " + passed);
      }
    }

    private int required() throws IOException {
      int next = read();
      if (next < 0) {
        throw new EOFException("cut off after byte " + passed);
      }
      return next;
    }

    private int read() throws IOException {
      if (used == available) {
        available = Math.max(0, file.read(input));
        used = 0;
        if (available == 0) {
          return -1;
        }
      }
      return input[used++] & 0xff;
    }

    private void fill() throws IOException {
      if (used == available) {
        available = file.read(input);
        used = 0;
        if (available <= 0) {
          available = 0;
          throw new EOFException("cut off after byte " + passed);
        }
      }
    }

    @Override
    public void close() throws IOException {
      inflater.end();
      file.close();
    }
  }
}
