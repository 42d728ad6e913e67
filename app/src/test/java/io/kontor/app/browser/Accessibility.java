package io.kontor.app.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** What axe-core finds on a page. */
public final class Accessibility {
  private static final String AXE = axe();
  private static final String RUN =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document).then(
        (found) => done(found.violations.map((rule) =>
          rule.id + ": " + rule.nodes.map((node) => node.html + " " + node.failureSummary).join("; "))),
        (failure) => done(["axe failed: " + failure]));
      """;

  private Accessibility() {}

  /** The violations on the page that is shown, each with its elements. */
  public static List<String> violations(Chromium browser) {
    if (!Boolean.TRUE.equals(browser.driver().executeScript("return 'axe' in window"))) {
      browser.driver().executeScript(AXE);
    }
    var found = (List<?>) browser.driver().executeAsyncScript(RUN);
    return Objects.requireNonNull(found).stream().map(String::valueOf).toList();
  }

  private static String axe() {
    try (InputStream script = Accessibility.class.getResourceAsStream("/axe.min.js")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
