package io.kontor.api.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An event exactly as it is stored. */
public record AuditEvent(
    long position,
    UUID stream,
    String streamType,
    long sequence,
    UUID id,
    String type,
    @Nullable String revision,
    Instant recordedAt,
    JsonNode payload,
    JsonNode metadata) {}
