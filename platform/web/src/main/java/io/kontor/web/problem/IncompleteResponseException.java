package io.kontor.web.problem;

/**
 * A response that had begun could not be completed. Its connection is broken off, so that the
 * client does not take a part for the whole.
 */
public final class IncompleteResponseException extends RuntimeException {
  public IncompleteResponseException(Throwable cause) {
    super("the response could not be completed", cause);
  }
}
