package io.kontor.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request whose lines are sent while its result lines are read, on a connection of its own. */
final class LineStream implements AutoCloseable {
  private static final int RECEIVE_BUFFER = 65_536;

  private final Socket socket = new Socket();
  private final InputStream in;
  private @Nullable Integer status;
  private byte[] chunk = {};
  private int position;

  private LineStream(BankClient client, String path, String type) throws IOException {
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), client.port()));
    in = new BufferedInputStream(socket.getInputStream());
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n%s"
            .formatted(path, client.token(), type, "Transfer-Encoding: chunked\r\n\r\n");
    socket.getOutputStream().write(head.getBytes(ISO_8859_1));
  }

  static LineStream open(BankClient client, String path) throws IOException {
    return new LineStream(client, path, "application/x-ndjson");
  }

  /** Sends lines; single quotes stand for double ones. */
  LineStream send(String... lines) throws IOException {
    byte[] bytes = (String.join("\n", lines) + "\n").replace('\'', '"').getBytes(UTF_8);
    var all = new ByteArrayOutputStream(bytes.length + 16);
    all.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
    all.write(bytes);
    all.write("\r\n".getBytes(ISO_8859_1));
    socket.getOutputStream().write(all.toByteArray());
    return this;
  }

  /** No more lines follow. */
  LineStream end() throws IOException {
    socket.getOutputStream().write("0\r\n\r\n".getBytes(ISO_8859_1));
    return this;
  }

  /** The response's status. */
  int status() throws IOException {
    if (status == null) {
      status = Integer.parseInt(header().substring(9, 12));
      String header = header();
      while (!header.isEmpty()) {
        header = header();
      }
    }
    return Objects.requireNonNull(status);
  }

  /**
   * The next result; null at the end of the response.
   *
   * @throws EOFException when the response is cut off before its end
   */
  @Nullable JsonNode next() throws IOException {
    status();
    var line = new ByteArrayOutputStream();
    for (int read = read(); read != '\n'; read = read()) {
      if (read < 0) {
        return null;
      }
      line.write(read);
    }
    return JsonMapper.shared().readTree(line.toByteArray());
  }

  private int read() throws IOException {
    if (position == chunk.length) {
      int size = Integer.parseInt(header(), 16);
      chunk = in.readNBytes(size);
      position = 0;
      header();
      if (size == 0) {
        return -1;
      }
    }
    return chunk[position++];
  }

  private String header() throws IOException {
    var line = new StringBuilder();
    for (int read = in.read(); read != '\n'; read = in.read()) {
      if (read < 0) {
        throw new EOFException();
      }
      if (read != '\r') {
        line.append((char) read);
      }
    }
    return line.toString();
  }

  /** Ends the connection, also in the middle. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
