package io.kontor.api.message;

/** The metadata keys of every message, besides its tenant. */
public final class MessageMetadata {
  /** The subject of the caller's token, or {@code system}. */
  public static final String ACTOR = "actor";

  /** The id shared by everything that one request caused. */
  public static final String CORRELATION_ID = "correlationId";

  /** The id of the message that caused this one. */
  public static final String CAUSATION_ID = "causationId";

  /** The W3C trace context. */
  public static final String TRACE_PARENT = "traceparent";

  /** The version that the caller expects the stream to have ({@code If-Match}). */
  public static final String EXPECTED_VERSION = "expectedVersion";

  /**
   * When a command was sent, in ISO 8601 by the sender's clock: its handlers' current time. Only
   * commands carry it.
   */
  public static final String SENT_AT = "sentAt";

  private MessageMetadata() {}
}
