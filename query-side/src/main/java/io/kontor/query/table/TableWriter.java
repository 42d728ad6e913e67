package io.kontor.query.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;

/** Writes a table row by row, in bounded memory. Without {@link #end} it is incomplete. */
public interface TableWriter {
  /**
   * Writes a row; the first is the heading. A {@link BigDecimal} is a number, and everything else a
   * text; a {@link String} is free text, which may come from anyone.
   */
  void row(List<?> cells) throws IOException;

  /** Completes the table; the stream stays open. */
  void end() throws IOException;
}
