package io.kontor.eventstore.archive;

/** A file or a store is not as it has to be; the message is one line for whoever operates them. */
public final class ArchiveException extends RuntimeException {
  ArchiveException(String why) {
    super(why);
  }
}
