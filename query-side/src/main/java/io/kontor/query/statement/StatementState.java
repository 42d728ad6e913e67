package io.kontor.query.statement;

/** How far a statement, or a run of statements, is. */
enum StatementState {
  REQUESTED,
  IN_PROGRESS,
  READY,
  FAILED,
  CANCELLED
}
