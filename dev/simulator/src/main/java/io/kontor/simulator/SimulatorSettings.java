package io.kontor.simulator;

import java.time.Duration;

/**
 * @param port the port on the loopback address; a free one, when 0
 * @param settleAfter the time from acceptance to settlement
 * @param returnAfter the time from settlement to return
 * @param slowness the delay of slow calls
 * @param seed the seed of all randomness
 */
public record SimulatorSettings(
    int port, Duration settleAfter, Duration returnAfter, Duration slowness, long seed) {

  /** Short times, on a free port. */
  public static SimulatorSettings quick(long seed) {
    return new SimulatorSettings(
        0, Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(3), seed);
  }
}
