package io.kontor.command.http;

import io.kontor.eventstore.event.Sha256;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Digests a request by method, path, subject and body. The body counts as deserialized, so white
 * space and field order do not matter.
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
