package io.kontor.eventstore.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.eventstore.append.QueuedAppend.AnswerRow;
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
 * What a request under an idempotency key was answered with: the only event of a stream that is the
 * key's own, appended together with the events that it tells of. So a key is answered once or not
 * at all, by the rule that no stream has two first events.
 *
 * @param fingerprint a digest of the request
 * @param answer JSON
 */
public record RequestAnswered(String key, String fingerprint, String answer) {
  /** The type of such streams, by which they can't be taken for anything else. */
  public static final String STREAM_TYPE = "Request";

  /** The name under which it is stored. */
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

  public static DomainEventMessage<RequestAnswered> event(AnswerRow answer) {
    return new GenericDomainEventMessage<>(
        STREAM_TYPE,
        streamOf(new TenantId(answer.tenant()), answer.key()).toString(),
        0,
        new RequestAnswered(answer.key(), answer.fingerprint(), answer.json()),
        Map.of(TenantMessageInterceptor.KEY, answer.tenant()));
  }
}
