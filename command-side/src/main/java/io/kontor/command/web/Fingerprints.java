package io.kontor.command.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Digests that tell requests apart by who asks for what. The body counts as it was understood, so
 * white space and the order of fields make no difference.
 */
final class Fingerprints {
  private final JsonMapper json;

  Fingerprints(JsonMapper json) {
    this.json = json;
  }

  String of(Request request) {
    var asked =
        new Asked(
            request.method(), request.path(), request.origin().caller().subject(), request.body());
    return HexFormat.of().formatHex(sha256().digest(json.writeValueAsBytes(asked)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }

  private record Asked(String method, String path, String subject, @Nullable Object body) {}
}
