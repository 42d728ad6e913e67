package io.kontor.web.header;

/** The names of Kontor's own headers. */
public final class KontorHeaders {
  /** On an answer to a mutation: the position in the event store that it reached. */
  public static final String POSITION = "Kontor-Position";

  /** On a query: answer from a read model at or past this position. */
  public static final String MIN_POSITION = "Kontor-Min-Position";

  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  /** {@code true} on an answer that was given before. */
  public static final String IDEMPOTENT_REPLAYED = "Idempotent-Replayed";

  /** On every answer: what to quote when something went wrong. */
  public static final String CORRELATION_ID = "Kontor-Correlation-Id";

  private KontorHeaders() {}
}
