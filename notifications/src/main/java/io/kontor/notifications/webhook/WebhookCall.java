package io.kontor.notifications.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** One call of a webhook, which another thread ends by closing it. */
final class WebhookCall implements AutoCloseable {
  private static final int LONGEST_ANSWER = 8_192;
  private static final String END_OF_HEAD = "\r\n\r\n";

  /** Of an answer that has no body. */
  private static final Pattern WITHOUT_BODY =
      Pattern.compile(
          "HTTP/1\\.[01] (204|304)\\b.*|.*\\r\\ncontent-length:[ \\t]*0[ \\t]*\\r\\n.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final WebhookAddress address;
  private final boolean isDevelopment;
  private final Socket socket = new Socket();
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

  /**
   * @param isDevelopment whether addresses that are not public may be called
   */
  WebhookCall(WebhookAddress address, boolean isDevelopment) {
    this.address = address;
    this.isDevelopment = isDevelopment;
  }

  /** Posts JSON; the beginning of the answer. */
  String post(Map<String, String> headers, String json) throws IOException {
    socket.connect(new InetSocketAddress(address.resolve(isDevelopment), address.port()));
    try (Socket connection = address.isSecure() ? secured() : socket) {
      byte[] body = json.getBytes(UTF_8);
      connection.getOutputStream().write(head(headers, body.length).getBytes(ISO_8859_1));
      connection.getOutputStream().write(body);
      connection.getOutputStream().flush();
      readFrom(connection.getInputStream());
      return read();
    }
  }

  /** Verifies that the certificate is the host's. */
  private Socket secured() throws IOException {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var secured = (SSLSocket) factory.createSocket(socket, address.host(), address.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private String head(Map<String, String> headers, int length) {
    var head = new StringBuilder();
    head.append("POST ").append(address.target()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(address.authority()).append("\r\n");
    head.append("Content-Type: application/json\r\nUser-Agent: Kontor\r\nConnection: close\r\n");
    head.append("Content-Length: ").append(length).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  /** Reads until the end, the limit, or a body has begun, if there is one. */
  private void readFrom(InputStream in) throws IOException {
    byte[] buffer = new byte[LONGEST_ANSWER];
    while (answer.size() < LONGEST_ANSWER && !isEnough(read())) {
      int count = in.read(buffer, 0, LONGEST_ANSWER - answer.size());
      if (count < 0) {
        break;
      }
      answer.write(buffer, 0, count);
    }
  }

  /** The answer as far as it was read. */
  String read() {
    return answer.toString(UTF_8);
  }

  private static boolean isEnough(String answer) {
    return !body(answer).isEmpty() || (hasHead(answer) && WITHOUT_BODY.matcher(answer).matches());
  }

  /** Whether the head of an answer is complete. */
  static boolean hasHead(String answer) {
    return answer.contains(END_OF_HEAD);
  }

  /** The body of an answer, as far as it was read. */
  static String body(String answer) {
    int head = answer.indexOf(END_OF_HEAD);
    return head < 0 ? "" : answer.substring(head + END_OF_HEAD.length());
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException broken) {
      // The call is over all the same.
    }
  }
}
