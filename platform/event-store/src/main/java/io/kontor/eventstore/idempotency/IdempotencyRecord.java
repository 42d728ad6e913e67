package io.kontor.eventstore.idempotency;

/**
 * The first successful answer to an idempotency key.
 *
 * @param fingerprint a digest of the request that was answered
 * @param json the answer
 * @param position the position that the command reached
 */
public record IdempotencyRecord(String fingerprint, String json, long position) {}
