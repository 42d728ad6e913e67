package io.kontor.web.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.web.correlation.CorrelationFilter;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.problem.SecurityProblemHandler;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/**
 * Rejects bodies that are too large: by {@code Content-Length} before reading, or while reading
 * when that is missing. A stream of lines is not kept in memory; its reader limits each line.
 */
@Order(CorrelationFilter.AFTER_THE_SPAN + 1)
public final class BodySizeLimitFilter implements Filter {
  private static final String API = "/v1/";

  private final long maxBytes;
  private final SecurityProblemHandler problems;

  public BodySizeLimitFilter(long maxBytes, SecurityProblemHandler problems) {
    this.maxBytes = maxBytes;
    this.problems = problems;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var http = (HttpServletRequest) request;
    long announced = http.getContentLengthLong();
    if (isStream(http)) {
      chain.doFilter(request, response);
    } else if (announced > maxBytes) {
      problems.write(tooLarge(), http, (HttpServletResponse) response);
    } else if (announced < 0 && mayHaveABody(http)) {
      chain.doFilter(new Limited(http), response);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** HTTP/2 needs neither a length nor a header that says that there is none. */
  private static boolean mayHaveABody(HttpServletRequest http) {
    return http.getHeader("Transfer-Encoding") != null || http.getProtocol().startsWith("HTTP/2");
  }

  /** Whether its body is a stream of lines to the API, which is never kept in memory. */
  public static boolean isStream(HttpServletRequest http) {
    String type = http.getContentType();
    return HttpMethod.POST.matches(http.getMethod())
        && http.getServletPath().startsWith(API)
        && type != null
        && type.startsWith(MediaType.APPLICATION_NDJSON_VALUE);
  }

  private ProblemException tooLarge() {
    return new ProblemException(
        ProblemType.CONTENT_TOO_LARGE,
        "a body must have at most %d bytes; send less at once".formatted(maxBytes));
  }

  private final class Limited extends HttpServletRequestWrapper {
    Limited(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new Counted(super.getInputStream());
    }

    @Override
    public BufferedReader getReader() throws IOException {
      return new BufferedReader(new InputStreamReader(getInputStream(), UTF_8));
    }
  }

  private final class Counted extends ServletInputStream {
    private final ServletInputStream body;
    private long read;

    Counted(ServletInputStream body) {
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      int next = body.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int got = body.read(buffer, offset, length);
      count(Math.max(got, 0));
      return got;
    }

    private void count(int more) {
      read += more;
      if (read > maxBytes) {
        throw tooLarge();
      }
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }
  }
}
