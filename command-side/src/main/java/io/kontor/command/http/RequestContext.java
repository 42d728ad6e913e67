package io.kontor.command.http;

import io.kontor.api.message.MessageMetadata;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.web.correlation.CorrelationContext;
import io.kontor.web.security.Caller;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a request's commands. It is captured on the request's thread, so that other threads
 * can send them.
 */
public record RequestContext(
    TenantId tenant, Caller caller, String correlationId, @Nullable String traceParent) {

  static RequestContext current() {
    return new RequestContext(
        TenantContext.current(),
        Caller.current(),
        CorrelationContext.currentId(),
        CorrelationContext.traceParent());
  }

  Map<String, Object> metadata() {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put(MessageMetadata.ACTOR, caller.subject());
    metadata.put(MessageMetadata.CORRELATION_ID, correlationId);
    metadata.put(MessageMetadata.CAUSATION_ID, correlationId);
    if (traceParent != null) {
      metadata.put(MessageMetadata.TRACE_PARENT, traceParent);
    }
    return metadata;
  }
}
