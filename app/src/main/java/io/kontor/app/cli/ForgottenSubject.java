package io.kontor.app.cli;

import io.kontor.api.EventCatalogue;
import io.kontor.api.person.DataSubjectForgotten;
import io.kontor.eventstore.StoredEvent;
import io.kontor.tenancy.TenantId;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A person whose data a tenant must not show any more.
 *
 * @param key the key that was taken away
 */
record ForgottenSubject(TenantId tenant, String subject, @Nullable UUID key) {

  static Optional<ForgottenSubject> in(StoredEvent event) {
    if (EventCatalogue.byName().get(event.type()) != DataSubjectForgotten.class) {
      return Optional.empty();
    }
    JsonNode payload = JsonMapper.shared().readTree(event.payload());
    JsonNode key = payload.path("key");
    return Optional.of(
        new ForgottenSubject(
            event.stream().tenant(),
            payload.path("subject").asString(),
            key.isString() ? UUID.fromString(key.asString()) : null));
  }
}
