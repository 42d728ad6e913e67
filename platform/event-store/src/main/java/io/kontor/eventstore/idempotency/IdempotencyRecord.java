package io.kontor.eventstore.idempotency;

/**
 * The first successful result for an idempotency key.
 *
 * @param fingerprint a digest of the request
 * @param json the result
 * @param position the position that the command reached
 */
public record IdempotencyRecord(String fingerprint, String json, long position) {}
