package io.kontor.notifications.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.httpclient.ForeignText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Posts to webhooks. The JDK's HTTP client looks a host up by itself, so an address that was
 * checked need not be the one it calls: this client opens the connection to the checked address. It
 * follows no redirect, and reads a little of the answer for as long as a call may take.
 */
final class WebhookClient {
  private static final int LONGEST_ANSWER = 8_192;
  private static final int SUCCESS = 200;
  private static final int FIRST_FAILURE = 300;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})\\b.*");
  private static final String END_OF_HEAD = "\r\n\r\n";

  private final Duration timeout;
  private final boolean isDevelopment;

  /**
   * @param timeout of a whole call
   * @param isDevelopment whether addresses that are not public may be called
   */
  WebhookClient(Duration timeout, boolean isDevelopment) {
    this.timeout = timeout;
    this.isDevelopment = isDevelopment;
  }

  /**
   * What came of a call.
   *
   * @param status of the answer; null without one
   * @param answer the beginning of the answer's body, or why there is none
   */
  record Outcome(@Nullable Integer status, String answer) {
    boolean isSuccess() {
      return status != null && status >= SUCCESS && status < FIRST_FAILURE;
    }
  }

  /** Posts JSON; a failure is an outcome, too. */
  Outcome post(String url, Map<String, String> headers, String json) {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      WebhookAddress address = WebhookAddress.parse(url, isDevelopment);
      try (Socket socket = connected(address, end)) {
        byte[] body = json.getBytes(UTF_8);
        socket.getOutputStream().write(head(address, headers, body.length).getBytes(ISO_8859_1));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        return outcome(read(socket, end));
      }
    } catch (IOException | IllegalArgumentException failure) {
      return new Outcome(null, ForeignText.line(failure.getMessage(), failure.toString()));
    }
  }

  private Socket connected(WebhookAddress address, long end) throws IOException {
    var plain = new Socket();
    try {
      plain.connect(
          new InetSocketAddress(address.resolve(isDevelopment), address.port()), left(end));
      plain.setSoTimeout(left(end));
      return address.isSecure() ? secured(plain, address) : plain;
    } catch (IOException failure) {
      plain.close();
      throw failure;
    }
  }

  /** Verifies that the certificate is the host's. */
  private static Socket secured(Socket plain, WebhookAddress address) throws IOException {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var secured = (SSLSocket) factory.createSocket(plain, address.host(), address.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private static String head(WebhookAddress address, Map<String, String> headers, int length) {
    var head = new StringBuilder();
    head.append("POST ").append(address.target()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(address.authority()).append("\r\n");
    head.append("Content-Type: application/json\r\nUser-Agent: Kontor\r\nConnection: close\r\n");
    head.append("Content-Length: ").append(length).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  /** Reads until the end, the limit, or a body has begun. */
  private static String read(Socket socket, long end) throws IOException {
    var read = new ByteArrayOutputStream();
    byte[] buffer = new byte[LONGEST_ANSWER];
    InputStream in = socket.getInputStream();
    while (read.size() < LONGEST_ANSWER) {
      socket.setSoTimeout(left(end));
      int count = in.read(buffer, 0, LONGEST_ANSWER - read.size());
      if (count < 0) {
        break;
      }
      read.write(buffer, 0, count);
      if (hasBody(read.toString(ISO_8859_1))) {
        break;
      }
    }
    return read.toString(UTF_8);
  }

  private static boolean hasBody(String answer) {
    int head = answer.indexOf(END_OF_HEAD);
    return head >= 0 && answer.length() > head + END_OF_HEAD.length();
  }

  private static Outcome outcome(String answer) throws IOException {
    Matcher status = STATUS.matcher(answer.lines().findFirst().orElse(""));
    if (!status.matches()) {
      throw new IOException("the answer is not of HTTP/1.1");
    }
    int head = answer.indexOf(END_OF_HEAD);
    String body = head < 0 ? "" : answer.substring(head + END_OF_HEAD.length());
    return new Outcome(Integer.valueOf(status.group(1)), ForeignText.line(body, ""));
  }

  /** Milliseconds until the end; never 0, which would be without a limit. */
  private static int left(long end) throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }
}
