package io.kontor.eventstore.archive;

/** A file or a store is not in the required state; the message is one line for the operator. */
public final class ArchiveException extends RuntimeException {
  ArchiveException(String why) {
    super(why);
  }
}
