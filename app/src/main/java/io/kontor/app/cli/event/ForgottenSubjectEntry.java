package io.kontor.app.cli.event;

import io.kontor.api.datasubject.DataSubjectForgotten;
import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.tenancy.TenantId;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A data subject whose personal data a tenant has erased.
 *
 * @param key the key that was deleted
 */
record ForgottenSubjectEntry(TenantId tenant, String subject, @Nullable UUID key) {

  static Optional<ForgottenSubjectEntry> in(StoredEvent event) {
    if (EventTypeRegistry.byName().get(event.type()) != DataSubjectForgotten.class) {
      return Optional.empty();
    }
    JsonNode payload = JsonMapper.shared().readTree(event.payload());
    JsonNode key = payload.path("key");
    return Optional.of(
        new ForgottenSubjectEntry(
            event.stream().tenant(),
            payload.path("subject").asString(),
            key.isString() ? UUID.fromString(key.asString()) : null));
  }
}
