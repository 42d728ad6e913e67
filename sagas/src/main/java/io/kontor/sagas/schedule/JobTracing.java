package io.kontor.sagas.schedule;

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
 * A span around each task, in the trace that it was written down in: the member {@code traceParent}
 * of its data says which, as the <a href="https://www.w3.org/TR/trace-context/">W3C</a> writes it.
 */
public final class JobTracing implements ExecutionInterceptor {
  private static final JsonMapper JSON = new JsonMapper();
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private final Tracer tracer;

  public JobTracing(Tracer tracer) {
    this.tracer = tracer;
  }

  /** The span that a task would continue if it were written down now; none, where none are made. */
  public static @Nullable String current() {
    Map<String, String> written = new HashMap<>();
    W3C.inject(Context.current(), written, Map::put);
    return written.get("traceparent");
  }

  @Override
  public CompletionHandler<?> execute(
      TaskInstance<?> task, ExecutionContext context, ExecutionChain chain) {
    Span span =
        tracer.spanBuilder(task.getTaskName()).setParent(writtenDownIn(task.getData())).startSpan();
    try (Scope _ = span.makeCurrent()) {
      return chain.proceed(task, context);
    } catch (RuntimeException | Error failed) {
      span.setStatus(StatusCode.ERROR, String.valueOf(failed.getMessage()));
      throw failed;
    } finally {
      span.end();
    }
  }

  private static Context writtenDownIn(@Nullable Object data) {
    return W3C.extract(Context.root(), work(data), TraceParent.OF_WORK);
  }

  /** What can't be read begins a trace of its own: the task decides what that means for it. */
  private static JsonNode work(@Nullable Object data) {
    try {
      return data instanceof String text ? JSON.readTree(text) : JSON.nullNode();
    } catch (JacksonException unreadable) {
      return JSON.nullNode();
    }
  }

  private enum TraceParent implements TextMapGetter<JsonNode> {
    OF_WORK;

    @Override
    public Iterable<String> keys(JsonNode work) {
      return List.of("traceparent");
    }

    @Override
    public @Nullable String get(@Nullable JsonNode work, String key) {
      return work != null && key.equals("traceparent")
          ? work.path("traceParent").asString(null)
          : null;
    }
  }
}
