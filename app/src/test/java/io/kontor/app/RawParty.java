package io.kontor.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.function.Function;

/**
 * A counterparty that responds to each request with raw bytes, which may not be HTTP; one request
 * per connection.
 */
final class RawParty implements AutoCloseable {
  private final ServerSocket server;
  private final Function<Asked, String> answers;

  private RawParty(ServerSocket server, Function<Asked, String> answers) {
    this.server = server;
    this.answers = answers;
  }

  static RawParty start(Function<Asked, String> answers) {
    try {
      var party =
          new RawParty(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), answers);
      Thread.ofVirtual().name("raw-party").start(party::accept);
      return party;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An HTTP response with an ASCII body and content type JSON. */
  static String json(int status, String body) {
    return "HTTP/1.1 %d Answer\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
            .formatted(status, body.length())
        + "Connection: close\r\n\r\n"
        + body;
  }

  String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(server.getLocalPort(), path);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request. */
  record Asked(String method, String path, String body) {}

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream());
      String[] first = line(in).split(" ", 3);
      int length = 0;
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(header.substring(15).strip());
        }
      }
      String body = new String(in.readNBytes(length), UTF_8);
      if (first.length > 1) {
        String answer = answers.apply(new Asked(first[0], first[1], body));
        connection.getOutputStream().write(answer.getBytes(ISO_8859_1));
      }
    } catch (IOException gone) {
      return;
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
      line.append((char) read);
    }
    return line.toString().stripTrailing();
  }
}
