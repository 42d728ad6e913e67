package io.kontor.gateway.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a node for one request that is written while its answer is read, which Java's
 * HTTP client does not do. Both bodies come in chunks (RFC 9112, 7.1).
 */
final class NodeConnection implements AutoCloseable {
  private static final int LARGEST_HEAD = 16_384;
  private static final int LONGEST_CHUNK_LINE = 256;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private NodeConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream());
  }

  /**
   * @param silence the longest time for which the node may answer nothing
   * @throws IOException when the node takes no connection
   */
  static NodeConnection open(URI node, Duration timeout, Duration silence) throws IOException {
    boolean isSecure = "https".equals(node.getScheme());
    int port = node.getPort() >= 0 ? node.getPort() : isSecure ? HTTPS : HTTP;
    var plain = new Socket();
    try {
      plain.connect(
          new InetSocketAddress(node.getHost(), port), Math.toIntExact(timeout.toMillis()));
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(Math.toIntExact(silence.toMillis()));
      return new NodeConnection(isSecure ? secured(plain, node.getHost(), port) : plain);
    } catch (IOException | RuntimeException failure) {
      plain.close();
      throw failure;
    }
  }

  private static Socket secured(Socket plain, String host, int port) throws IOException {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var secure = (SSLSocket) factory.createSocket(plain, host, port, true);
    var parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  /**
   * Writes what comes before the body.
   *
   * @param headers names and values in turn
   */
  void begin(String method, String target, String host, List<String> headers) throws IOException {
    var head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    List<String> all = new ArrayList<>(List.of("Host", host));
    all.addAll(headers);
    all.addAll(List.of("Transfer-Encoding", "chunked", "Connection", "close"));
    for (int i = 0; i < all.size(); i += 2) {
      head.append(all.get(i)).append(": ").append(plain(all.get(i + 1))).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    out.flush();
  }

  /** A line end in a value would begin a header of the client's choice. */
  private static String plain(String value) throws ProtocolException {
    if (value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
      throw new ProtocolException("a header has control characters");
    }
    return value;
  }

  /** Writes all of {@code body} as it comes, and its end. */
  void send(InputStream body) throws IOException {
    byte[] buffer = new byte[LARGEST_HEAD];
    for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
      if (read > 0) {
        out.write((Integer.toHexString(read) + "\r\n").getBytes(ISO_8859_1));
        out.write(buffer, 0, read);
        out.write("\r\n".getBytes(ISO_8859_1));
        out.flush();
      }
    }
    out.write("0\r\n\r\n".getBytes(ISO_8859_1));
    out.flush();
  }

  /**
   * The status and the headers of an answer.
   *
   * @param headers values by names in small letters
   */
  record Head(int status, Map<String, List<String>> headers) {
    Head {
      headers = Map.copyOf(headers);
    }

    boolean has(String name, String value) {
      return value.equalsIgnoreCase(first(name));
    }

    @Nullable String first(String name) {
      List<String> values = headers.get(name);
      return values == null ? null : values.getFirst();
    }
  }

  /** Reads the final answer's head, which may come before the request is written to its end. */
  Head head() throws IOException {
    Head head = anyHead();
    while (head.status() < 200) {
      head = anyHead();
    }
    return head;
  }

  private Head anyHead() throws IOException {
    String status = line(LARGEST_HEAD);
    if (!status.matches("HTTP/1\\.1 [1-5][0-9]{2}( .*)?")) {
      throw new ProtocolException("not an answer");
    }
    Map<String, List<String>> headers = new HashMap<>();
    int left = LARGEST_HEAD;
    for (String line = line(left); !line.isEmpty(); line = line(left)) {
      left -= line.length();
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new ProtocolException("not a header");
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(status.substring(9, 12)), headers);
  }

  /** The answer's body: the results of a stream come in chunks, and a problem has a length. */
  InputStream body(Head head) throws IOException {
    if (head.has("transfer-encoding", "chunked")) {
      return new Chunks();
    }
    String length = head.first("content-length");
    if (length == null || !length.matches("[0-9]{1,6}")) {
      throw new ProtocolException("neither chunks nor a length of a problem");
    }
    return new ByteArrayInputStream(in.readNBytes(Integer.parseInt(length)));
  }

  private String line(int longest) throws IOException {
    var line = new StringBuilder();
    for (int read = in.read(); read != '\n'; read = in.read()) {
      if (read < 0) {
        throw new EOFException("the node has ended the connection");
      }
      if (line.length() >= longest) {
        throw new ProtocolException("a line is too long");
      }
      line.append((char) read);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** The body of an answer without its chunks' sizes. */
  private final class Chunks extends InputStream {
    private int left;
    private boolean isBegun;
    private boolean isEnded;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0 && !isEnded) {
        next();
      }
      if (isEnded) {
        return -1;
      }
      int read = in.read(to, offset, Math.min(length, left));
      if (read < 0) {
        throw new EOFException("the node has ended the connection");
      }
      left -= read;
      return read;
    }

    private void next() throws IOException {
      if (isBegun && !line(1).isEmpty()) {
        throw new ProtocolException("a chunk is longer than it says");
      }
      isBegun = true;
      String size = line(LONGEST_CHUNK_LINE).split(";", 2)[0].strip();
      try {
        left = HexFormat.fromHexDigits(size);
      } catch (IllegalArgumentException malformed) {
        throw new ProtocolException("a chunk without a size");
      }
      if (left < 0) {
        throw new ProtocolException("a chunk without a size");
      }
      isEnded = left == 0;
    }
  }
}
