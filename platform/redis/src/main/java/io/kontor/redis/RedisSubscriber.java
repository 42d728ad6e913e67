package io.kontor.redis;

/** Receives what is published to a channel. Its methods do not block. */
public interface RedisSubscriber {
  /** Messages of one server come from now on; some from before may be lost. */
  void subscribed();

  /** A message. */
  void message(byte[] message);
}
