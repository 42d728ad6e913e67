package io.kontor.command.http;

import io.kontor.eventstore.event.Sha256;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Digests that tell requests apart by who asks for what. The body counts as it was understood, so
 * white space and the order of fields make no difference.
 */
final class RequestFingerprints {
  private final JsonMapper json;

  RequestFingerprints(JsonMapper json) {
    this.json = json;
  }

  String of(CommandRequest request) {
    var asked =
        new Asked(
            request.method(), request.path(), request.origin().caller().subject(), request.body());
    return Sha256.of(json.writeValueAsBytes(asked)).toString();
  }

  private record Asked(String method, String path, String subject, @Nullable Object body) {}
}
