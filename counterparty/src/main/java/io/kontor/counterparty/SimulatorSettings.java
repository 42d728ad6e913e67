package io.kontor.counterparty;

import java.time.Duration;

/**
 * @param port to listen on, on the loopback address; a free one, when 0
 * @param settleAfter from a payment's acceptance to its settlement
 * @param returnAfter from a payment's settlement to its return
 * @param slowness how much longer slow things take
 * @param seed of all chance
 */
public record SimulatorSettings(
    int port, Duration settleAfter, Duration returnAfter, Duration slowness, long seed) {

  /** Quick, on a free port. */
  public static SimulatorSettings quick(long seed) {
    return new SimulatorSettings(
        0, Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(3), seed);
  }
}
