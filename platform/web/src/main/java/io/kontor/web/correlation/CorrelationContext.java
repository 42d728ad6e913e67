package io.kontor.web.correlation;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connects everything that one request causes: a correlation id, and the W3C trace context,
 * continued from the caller's or started here.
 */
public final class CorrelationContext {
  static final ScopedValue<CorrelationContext> CURRENT = ScopedValue.newInstance();

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  /** The header itself is all that is read from. */
  private static final TextMapGetter<String> ONE_HEADER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String header) {
          return W3C.fields();
        }

        @Override
        public @Nullable String get(@Nullable String header, String name) {
          return name.equals("traceparent") ? header : null;
        }
      };

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
        traceParent(span.getTraceId(), span.getSpanId(), span.getTraceFlags()));
  }

  /** Continues the caller's ids; ignores malformed ones. */
  public static CorrelationContext continuing(@Nullable String id, @Nullable String traceParent) {
    SpanContext caller =
        Span.fromContext(W3C.extract(Context.root(), traceParent, ONE_HEADER)).getSpanContext();
    String trace = caller.isValid() ? caller.getTraceId() : random(16);
    return new CorrelationContext(
        idOr(trace, id), traceParent(trace, random(8), caller.getTraceFlags()));
  }

  private static String traceParent(String trace, String span, TraceFlags flags) {
    return "00-" + trace + "-" + span + "-" + flags.asHex();
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

  private static String random(int bytes) {
    byte[] value = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
