package io.kontor.database;

/** Kontor can't keep its guarantees on this database; the message is one line for the operator. */
public final class UnsuitableDatabaseException extends RuntimeException {
  public UnsuitableDatabaseException(String why) {
    super(why, null, false, false);
  }
}
