package io.kontor.kafka;

import java.util.Map;

/**
 * Runs the server of an {@link EmbeddedKafkaBroker} outside this JVM: a service on the test's class
 * path.
 */
public interface KafkaServerProvider {

  /** Whether this provider applies in the current environment. */
  boolean isToBeUsed();

  /**
   * Creates and starts a server.
   *
   * @param port of the loopback interface for clients
   * @param settings the content of {@code server.properties}, without listeners and folders
   */
  void create(int port, Map<String, String> settings);

  /** Stops the server and keeps its data. */
  void stop();

  /** Restarts the server on its port with its data; it may not accept requests yet. */
  void restart();

  /** Deletes the server and its data, whether it runs or not. */
  void delete();
}
