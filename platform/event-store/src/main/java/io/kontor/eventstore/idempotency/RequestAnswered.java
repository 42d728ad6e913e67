package io.kontor.eventstore.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.eventstore.event.Sha256;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;

/**
 * An idempotency record as an event: the only event of the key's own stream, appended together with
 * the events of its command. A stream can't have two first events, so a key has one record at most.
 *
 * @param fingerprint a digest of the request
 * @param answer the result as JSON
 */
public record RequestAnswered(String key, String fingerprint, String answer) {
  /** The type of such streams, which no aggregate uses. */
  public static final String STREAM_TYPE = "Request";

  /** The event's stored type name. */
  public static final String NAME = "request-answered";

  private static final long VERSION_8 = 0x8000L;
  private static final long VERSION_BITS = 0xF000L;
  private static final long VARIANT = 0x8000000000000000L;
  private static final long VARIANT_BITS = 0xC000000000000000L;

  /** The stream of a tenant's key. */
  public static StreamId streamOf(TenantId tenant, String key) {
    var hash = Sha256.start();
    hash.update(("request/" + key).getBytes(UTF_8));
    ByteBuffer digest = ByteBuffer.wrap(Sha256.of(hash).bytes());
    long high = (digest.getLong() & ~VERSION_BITS) | VERSION_8;
    long low = (digest.getLong() & ~VARIANT_BITS) | VARIANT;
    return new StreamId(tenant, new UUID(high, low));
  }

  public static DomainEventMessage<RequestAnswered> event(IdempotencyRow answer) {
    return new GenericDomainEventMessage<>(
        STREAM_TYPE,
        streamOf(new TenantId(answer.tenant()), answer.key()).toString(),
        0,
        new RequestAnswered(answer.key(), answer.fingerprint(), answer.json()),
        Map.of(TenantMessageInterceptor.KEY, answer.tenant()));
  }
}
