package io.kontor.web.header;

/** The names of Kontor's own headers, and of those that no library names. */
public final class KontorHeaders {
  /** Response to a command: the event store position that it reached. */
  public static final String POSITION = "Kontor-Position";

  /** Query request: read from a read model at or past this position. */
  public static final String MIN_POSITION = "Kontor-Min-Position";

  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  /** {@code true} when the response repeats the result of an earlier request with the same key. */
  public static final String IDEMPOTENT_REPLAYED = "Idempotent-Replayed";

  /** Every response: the id to quote in a support request. */
  public static final String CORRELATION_ID = "Kontor-Correlation-Id";

  /** What is left of the limit that rejected a request (draft-ietf-httpapi-ratelimit-headers). */
  public static final String RATE_LIMIT = "RateLimit";

  /** The limit that rejected a request (draft-ietf-httpapi-ratelimit-headers). */
  public static final String RATE_LIMIT_POLICY = "RateLimit-Policy";

  /** Request of an operator or a node: the tenant whose own database is meant. */
  public static final String CELL = "Kontor-Cell";

  private KontorHeaders() {}
}
