package io.kontor.kafka;

import java.util.Map;

/**
 * Runs the server of a {@link EmbeddedKafkaBroker}, if it is not to run in this JVM: a service,
 * which a test's class path may bring.
 */
public interface KafkaServerProvider {

  /** Whether it wants to be used, here and now. */
  boolean isToBeUsed();

  /**
   * Makes a server and starts it.
   *
   * @param port of the loopback interface where clients find it
   * @param settings what a {@code server.properties} says, but for listeners and folders
   */
  void create(int port, Map<String, String> settings);

  /** Stops it; its data stays. */
  void stop();

  /** Starts it where it was, with what it had; it may not answer yet. */
  void restart();

  /** Ends it and deletes its data; stopped or not. */
  void delete();
}
