package io.kontor.query.statement;

import io.kontor.api.ledger.Posting;
import java.io.IOException;

/**
 * Writes a statement in one format, line by line and in bounded memory. The same statement gives
 * the same bytes at any time.
 */
interface StatementWriter {
  /** Writes a line; the oldest comes first. */
  void line(Posting line) throws IOException;

  /** Completes the document; the stream stays open. */
  void end() throws IOException;
}
