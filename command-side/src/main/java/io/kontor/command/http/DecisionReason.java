package io.kontor.command.http;

import io.kontor.api.message.Validation;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why a person decides so, where it may be said. */
@Schema(
    name = "DecisionReason",
    example =
        """
        {"reason":"the carrier confirmed it by phone"}
        """)
public record DecisionReason(@Nullable String reason) {
  public DecisionReason {
    if (reason != null) {
      Validation.text("reason", reason);
    }
  }

  /** The reason in an optional body. */
  public static @Nullable String of(@Nullable DecisionReason body) {
    return body == null ? null : body.reason;
  }
}
