package io.kontor.console.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Streams of server-sent events with the overview's figures, one for each page that shows them. A
 * stream is its request: it writes each second, so that it ends with the page; and it ends after
 * ten minutes, with the person's token, and before the server stops. Browsers open it again by
 * themselves.
 */
@Component
final class OverviewStreams implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(OverviewStreams.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int MOST = 1_000;

  /** A line that browsers ignore. */
  private static final byte[] STILL_HERE = ":\n\n".getBytes(UTF_8);

  private static final byte[] OPEN_AGAIN_IN_MILLIS = "retry: 1000\n\n".getBytes(UTF_8);

  private final InstantSource clock = InstantSource.system();
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean running;

  OverviewStreams(MeterRegistry meters) {
    Gauge.builder("kontor.console.overviews", open, AtomicInteger::get)
        .description("overviews of the console that are open on this node")
        .register(meters);
  }

  /**
   * Sends the figures at first and whenever they have changed, until the page is closed.
   *
   * @param figures HTML, asked for each second
   * @param until when the person's token expires
   */
  void send(HttpServletResponse response, Supplier<String> figures, Instant until)
      throws IOException {
    try {
      if (open.incrementAndGet() > MOST) {
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        return;
      }
      response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
      response.setCharacterEncoding(UTF_8.name());
      response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
      // nginx would keep events back
      response.setHeader("X-Accel-Buffering", "no");
      write(response.getOutputStream(), figures, until);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      open.decrementAndGet();
    }
  }

  private void write(ServletOutputStream page, Supplier<String> figures, Instant until)
      throws InterruptedException {
    String sent = "";
    Instant end = clock.instant().plus(LONGEST);
    try {
      page.write(OPEN_AGAIN_IN_MILLIS);
      while (running && clock.instant().isBefore(end) && clock.instant().isBefore(until)) {
        String now = figures.get();
        page.write(now.equals(sent) ? STILL_HERE : event(now));
        page.flush();
        sent = now;
        Thread.sleep(EVERY);
      }
    } catch (IOException closed) {
      LOG.debug("overview closed", closed);
    }
  }

  private static byte[] event(String html) {
    return ("event: figures\ndata: " + html.replaceAll("\\R", "\ndata: ") + "\n\n").getBytes(UTF_8);
  }

  @Override
  public void start() {
    running = true;
  }

  /** Before the server, which waits for its requests. */
  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
