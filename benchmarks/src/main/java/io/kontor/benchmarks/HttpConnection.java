package io.kontor.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * One HTTP/1.1 connection on the loopback interface, one request at a time; reopened when the
 * server closes it.
 */
final class HttpConnection implements AutoCloseable {
  /** A response. */
  record Answer(int status, String body) {}

  private final int port;
  private Socket socket;
  private InputStream in;
  private boolean isEnded;

  HttpConnection(int port) throws IOException {
    this.port = port;
    socket = connected(port);
    in = buffered(socket);
  }

  private static Socket connected(int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static InputStream buffered(Socket socket) throws IOException {
    return new BufferedInputStream(socket.getInputStream(), 8_192);
  }

  /** A teller's token. */
  static String tellerToken(int port) throws IOException {
    try (var connection = new HttpConnection(port)) {
      Answer answer =
          connection.post(
              "/dev/token",
              "",
              "{\"tenant\":\"acme\",\"subject\":\"bench\",\"roles\":[\"teller\"]}");
      return answer.body().replaceAll(".*\"access_token\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    }
  }

  /**
   * @param headers further header lines, each with its line end
   */
  Answer post(String path, String headers, String body) throws IOException {
    return answer(request(path, "application/json", headers, body));
  }

  /**
   * Sends lines while the answer to those before them is read.
   *
   * @param headers further header lines, each with its line end
   */
  Answer postLines(String path, String headers, String lines) throws IOException {
    reconnectIfEnded();
    var sending =
        CompletableFuture.runAsync(
            () -> {
              try {
                send(request(path, "application/x-ndjson", headers, lines));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    Answer answer = read();
    sending.join();
    return answer;
  }

  /**
   * @param headers further header lines, each with its line end
   */
  Answer get(String path, String headers) throws IOException {
    return answer("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
  }

  private static String request(String path, String type, String headers, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        + type
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n"
        + headers
        + "\r\n"
        + body;
  }

  private Answer answer(String request) throws IOException {
    reconnectIfEnded();
    send(request);
    return read();
  }

  private void reconnectIfEnded() throws IOException {
    if (isEnded) {
      socket.close();
      socket = connected(port);
      in = buffered(socket);
      isEnded = false;
    }
  }

  private void send(String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Answer read() throws IOException {
    int status = Integer.parseInt(line().substring(9, 12));
    int length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = true;
      } else if (lower.equals("connection: close")) {
        isEnded = true;
      }
    }
    return new Answer(status, chunked ? chunks() : text(length));
  }

  private String chunks() throws IOException {
    var body = new StringBuilder();
    for (int size = size(); size > 0; size = size()) {
      body.append(text(size));
      line();
    }
    line();
    return body.toString();
  }

  private int size() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String text(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    var line = new StringBuilder(64);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
