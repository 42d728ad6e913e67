package io.kontor.api.message;

/** The keys of what travels with every message beside its tenant. */
public final class MessageMetadata {
  /** The subject of the caller's token, or {@code system}. */
  public static final String ACTOR = "actor";

  /** One id for everything that a request set in motion. */
  public static final String CORRELATION_ID = "correlationId";

  /** The id of the message that caused this one. */
  public static final String CAUSATION_ID = "causationId";

  /** The W3C trace context. */
  public static final String TRACE_PARENT = "traceparent";

  /** The version that the caller expects the stream to have ({@code If-Match}). */
  public static final String EXPECTED_VERSION = "expectedVersion";

  /**
   * When a command was sent, in ISO 8601 by the sender's clock: the time that it is decided by.
   * Only commands carry it.
   */
  public static final String SENT_AT = "sentAt";

  private MessageMetadata() {}
}
