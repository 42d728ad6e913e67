package io.kontor.web.correlation;

import io.opentelemetry.api.trace.SpanContext;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connects everything that one request causes: a correlation id, and the W3C trace context,
 * continued from the caller's or started here.
 */
public final class CorrelationContext {
  static final ScopedValue<CorrelationContext> CURRENT = ScopedValue.newInstance();

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern TRACE_PARENT =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);

  private final String id;
  private final String traceParent;

  private CorrelationContext(String id, String traceParent) {
    this.id = id;
    this.traceParent = traceParent;
  }

  /**
   * The correlation id.
   *
   * @throws java.util.NoSuchElementException outside a request
   */
  public static String currentId() {
    return CURRENT.get().id;
  }

  /** The trace context to pass on, or null outside a request. */
  public static @Nullable String traceParent() {
    return CURRENT.isBound() ? CURRENT.get().traceParent : null;
  }

  /**
   * The context within a request's span, when tracing is on; the tracer continues the caller's
   * trace.
   */
  static CorrelationContext within(SpanContext span, @Nullable String id) {
    return new CorrelationContext(
        idOr(span.getTraceId(), id),
        "00-%s-%s-%s".formatted(span.getTraceId(), span.getSpanId(), span.getTraceFlags().asHex()));
  }

  /** Continues the caller's ids; ignores malformed ones. */
  public static CorrelationContext continuing(@Nullable String id, @Nullable String traceParent) {
    Matcher sent = TRACE_PARENT.matcher(traceParent == null ? "" : traceParent);
    boolean continued = sent.matches() && isValid(sent);
    String trace = continued ? sent.group(2) : random(16);
    String flags = continued ? sent.group(4) : "00";
    return new CorrelationContext(
        idOr(trace, id), "00-%s-%s-%s".formatted(trace, random(8), flags));
  }

  private static String idOr(String trace, @Nullable String id) {
    return id != null && ID.matcher(id).matches() ? id : trace;
  }

  public String id() {
    return id;
  }

  String parent() {
    return traceParent;
  }

  private static boolean isValid(Matcher sent) {
    boolean extended = sent.group(5) != null;
    return !sent.group(1).equals("ff")
        && !(extended && sent.group(1).equals("00"))
        && !sent.group(2).equals(NO_TRACE)
        && !sent.group(3).equals(NO_SPAN);
  }

  private static String random(int bytes) {
    byte[] value = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
