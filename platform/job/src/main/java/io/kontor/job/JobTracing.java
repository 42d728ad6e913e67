package io.kontor.job;

import com.github.kagkarlsson.scheduler.event.ExecutionChain;
import com.github.kagkarlsson.scheduler.event.ExecutionInterceptor;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates a span around each task, in the trace that scheduled it: {@code traceParent} in the
 * task's data, in the <a href="https://www.w3.org/TR/trace-context/">W3C</a> format.
 */
public final class JobTracing implements ExecutionInterceptor {
  private static final JsonMapper JSON = new JsonMapper();
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private final Tracer tracer;

  public JobTracing(Tracer tracer) {
    this.tracer = tracer;
  }

  /** The current span, for a task scheduled now; null without tracing. */
  public static @Nullable String currentTraceParent() {
    Map<String, String> headers = new HashMap<>();
    W3C.inject(Context.current(), headers, Map::put);
    return headers.get("traceparent");
  }

  @Override
  public CompletionHandler<?> execute(
      TaskInstance<?> task, ExecutionContext context, ExecutionChain chain) {
    Span span =
        tracer.spanBuilder(task.getTaskName()).setParent(parentOf(task.getData())).startSpan();
    try (Scope _ = span.makeCurrent()) {
      return chain.proceed(task, context);
    } catch (RuntimeException | Error failed) {
      span.setStatus(StatusCode.ERROR, String.valueOf(failed.getMessage()));
      throw failed;
    } finally {
      span.end();
    }
  }

  private static Context parentOf(@Nullable Object data) {
    return W3C.extract(Context.root(), json(data), TraceParent.OF_TASK_DATA);
  }

  /** Unreadable data starts a new trace; the task itself handles the error. */
  private static JsonNode json(@Nullable Object data) {
    try {
      return data instanceof String text ? JSON.readTree(text) : JSON.nullNode();
    } catch (JacksonException unreadable) {
      return JSON.nullNode();
    }
  }

  private enum TraceParent implements TextMapGetter<JsonNode> {
    OF_TASK_DATA;

    @Override
    public Iterable<String> keys(JsonNode json) {
      return List.of("traceparent");
    }

    @Override
    public @Nullable String get(@Nullable JsonNode json, String key) {
      return json != null && key.equals("traceparent")
          ? json.path("traceParent").asString(null)
          : null;
    }
  }
}
