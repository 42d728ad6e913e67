package io.kontor.eventstore.idempotency;

/** An idempotency record as a table row. */
public record IdempotencyRow(String tenant, String key, String fingerprint, String json) {
  public IdempotencyRow answeredWith(String answer) {
    return new IdempotencyRow(tenant, key, fingerprint, answer);
  }
}
