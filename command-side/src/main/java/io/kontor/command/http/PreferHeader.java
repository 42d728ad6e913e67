package io.kontor.command.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a client is willing to wait for the outcome ({@code Prefer: wait=N}, RFC 7240).
 * Malformed values are ignored.
 *
 * @param waitTime the longest wait, at most {@link #LONGEST}; zero when none was requested
 */
public record PreferHeader(Duration waitTime) {
  static final Duration LONGEST = Duration.ofSeconds(30);
  static final String HEADER = "Prefer";
  static final String APPLIED = "Preference-Applied";
  private static final Pattern WAIT = Pattern.compile("(?i)\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*");

  public static PreferHeader of(HttpServletRequest http) {
    return new PreferHeader(
        Collections.list(http.getHeaders(HEADER)).stream()
            .flatMap(header -> Stream.of(header.split("[,;]", -1)))
            .map(WAIT::matcher)
            .flatMap(wait -> wait.matches() ? Stream.of(wait.group(1)) : Stream.empty())
            .findFirst()
            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
            .map(requested -> requested.compareTo(LONGEST) < 0 ? requested : LONGEST)
            .orElse(Duration.ZERO));
  }

  boolean isToWait() {
    return waitTime.isPositive();
  }

  String applied() {
    return "wait=" + waitTime.toSeconds();
  }
}
