package io.kontor.notifications.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verifier in docs/notifications.md, compiled from the page, verifies what the bank signs. */
@Tag("fast")
class WebhookSnippetTest {
  private static final Path PAGE = Path.of("../docs/notifications.md");
  private static final Pattern SNIPPET =
      Pattern.compile("```java\n(.*?class CallVerifier .*?)```", Pattern.DOTALL);
  private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");
  private static final String BODY = "{\"type\":\"TEST\",\"data\":{}}";

  @TempDir private static Path folder;

  private static Method verifier;

  @Test
  void theVerifierOfThePageTakesWhatTheBankSignsAndNothingElse() throws Exception {
    String former = WebhookSignature.newSecret();
    String secret = WebhookSignature.newSecret();
    String signatures = WebhookSignature.of(List.of(secret, former), "id", NOW, BODY);
    assertThat(isGenuine(secret, "id", NOW, signatures, BODY)).isTrue();
    assertThat(isGenuine(former, "id", NOW, signatures, BODY)).as("the former secret").isTrue();
    assertThat(isGenuine(WebhookSignature.newSecret(), "id", NOW, signatures, BODY)).isFalse();
    assertThat(isGenuine(secret, "other", NOW, signatures, BODY)).isFalse();
    assertThat(isGenuine(secret, "id", NOW, signatures, BODY + " ")).isFalse();
    assertThat(isGenuine(secret, "id", NOW.plusSeconds(1), signatures, BODY)).isFalse();
    Instant old = NOW.minusSeconds(301);
    String late = WebhookSignature.of(List.of(secret), "id", old, BODY);
    assertThat(isGenuine(secret, "id", old, late, BODY)).as("a call recorded earlier").isFalse();
  }

  private static boolean isGenuine(
      String secret, String id, Instant at, String signatures, String body) throws Exception {
    String timestamp = Long.toString(at.getEpochSecond());
    return (boolean) verifier.invoke(null, secret, id, timestamp, signatures, body, NOW);
  }

  @BeforeAll
  static void compile() throws Exception {
    Matcher snippet = SNIPPET.matcher(Files.readString(PAGE));
    assertThat(snippet.find()).as("the page has the verifier").isTrue();
    Path source = Files.writeString(folder.resolve("CallVerifier.java"), snippet.group(1));
    int errors =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString());
    assertThat(errors).isZero();
    try (var classes = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      verifier =
          classes
              .loadClass("CallVerifier")
              .getDeclaredMethod(
                  "isGenuine",
                  String.class,
                  String.class,
                  String.class,
                  String.class,
                  String.class,
                  Instant.class);
      verifier.setAccessible(true);
    }
  }
}
