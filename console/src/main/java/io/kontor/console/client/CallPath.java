package io.kontor.console.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.web.paging.Page;
import java.net.URLEncoder;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/** Path and query of a call, with all values encoded. */
public record CallPath(String value) {

  /** A path with each {@code {}} replaced by a value. */
  public static CallPath of(String template, Object... values) {
    String path = template;
    for (Object value : values) {
      path =
          path.replaceFirst(
              "\\{}", Matcher.quoteReplacement(UriUtils.encode(value.toString(), UTF_8)));
    }
    return new CallPath(path);
  }

  /** With a parameter; without it, if there is no value. */
  public CallPath with(String name, @Nullable Object parameter) {
    if (parameter == null || parameter.toString().isBlank()) {
      return this;
    }
    return new CallPath(
        value
            + (value.contains("?") ? "&" : "?")
            + name
            + "="
            + URLEncoder.encode(parameter.toString(), UTF_8));
  }

  /** The address of the page of a list after this one; null when it is the last. */
  public @Nullable String after(Page<?> list) {
    return list.next() == null ? null : with("cursor", list.next()).value();
  }
}
