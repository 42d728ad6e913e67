package io.kontor.command.web;

import io.kontor.api.Metadata;
import io.kontor.tenancy.Tenancy;
import io.kontor.tenancy.TenantId;
import io.kontor.web.Caller;
import io.kontor.web.Correlation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a request's commands come from. It is taken once, on the request's own thread, so that
 * other threads can send them too.
 */
record Origin(TenantId tenant, Caller caller, String correlationId, @Nullable String traceParent) {

  static Origin current() {
    return new Origin(
        Tenancy.current(), Caller.current(), Correlation.currentId(), Correlation.traceParent());
  }

  Map<String, Object> metadata() {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put(Metadata.ACTOR, caller.subject());
    metadata.put(Metadata.CORRELATION_ID, correlationId);
    metadata.put(Metadata.CAUSATION_ID, correlationId);
    if (traceParent != null) {
      metadata.put(Metadata.TRACE_PARENT, traceParent);
    }
    return metadata;
  }
}
