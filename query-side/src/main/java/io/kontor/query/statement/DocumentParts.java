package io.kontor.query.statement;

import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A document as pieces: compressed, cut, each piece sealed with the key of its subject. */
final class DocumentParts extends OutputStream {
  private static final int PIECE = 256 * 1024;
  private static final int BUFFER = 16 * 1024;

  private final UUID document;
  private final String subject;
  private final PersonalDataService personalData;
  private final Sink sink;
  private final byte[] piece = new byte[PIECE];
  private final OutputStream compressed = new GZIPOutputStream(new Pieces(), BUFFER);
  private int filled;
  private int parts;
  private long bytes;
  private @Nullable UUID key;

  /** Stores a piece. */
  @FunctionalInterface
  interface Sink {
    void store(int part, SealedBytes piece);
  }

  /**
   * @param document a new id, which all pieces are bound to
   */
  DocumentParts(UUID document, String subject, PersonalDataService personalData, Sink sink)
      throws IOException {
    this.document = document;
    this.subject = subject;
    this.personalData = personalData;
    this.sink = sink;
  }

  /**
   * Reads a document again, piece by piece.
   *
   * @param part the opened piece of a number
   */
  static InputStream read(int parts, IntFunction<byte[]> part) throws IOException {
    return new GZIPInputStream(new OpenedParts(parts, part), BUFFER);
  }

  /** What a piece is bound to. */
  static String place(UUID document, int part) {
    return "statement/" + document + "/" + part;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    bytes += length;
    compressed.write(from, offset, length);
  }

  /** Stores the last piece. */
  @Override
  public void close() throws IOException {
    compressed.close();
  }

  int parts() {
    return parts;
  }

  /** The document's length. */
  long bytes() {
    return bytes;
  }

  /** The key of the first piece. */
  UUID key() {
    if (key == null) {
      throw new IllegalStateException("nothing was stored");
    }
    return key;
  }

  private final class Pieces extends OutputStream {
    @Override
    public void write(int single) {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      int written = 0;
      while (written < length) {
        int fits = Math.min(length - written, PIECE - filled);
        System.arraycopy(from, offset + written, piece, filled, fits);
        filled += fits;
        written += fits;
        if (filled == PIECE) {
          store();
        }
      }
    }

    @Override
    public void close() {
      if (filled > 0) {
        store();
      }
    }

    private void store() {
      SealedBytes sealed =
          personalData.seal(subject, Arrays.copyOf(piece, filled), place(document, parts));
      sink.store(parts, sealed);
      if (key == null) {
        key = sealed.key();
      }
      parts++;
      filled = 0;
    }
  }

  private static final class OpenedParts extends InputStream {
    private final int parts;
    private final IntFunction<byte[]> open;
    private InputStream current = InputStream.nullInputStream();
    private int next;

    OpenedParts(int parts, IntFunction<byte[]> open) {
      this.parts = parts;
      this.open = open;
    }

    @Override
    public int read() throws IOException {
      byte[] single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(single[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = current.read(into, offset, length);
      while (read < 0 && next < parts) {
        current = new ByteArrayInputStream(open.apply(next));
        next++;
        read = current.read(into, offset, length);
      }
      return read;
    }
  }
}
