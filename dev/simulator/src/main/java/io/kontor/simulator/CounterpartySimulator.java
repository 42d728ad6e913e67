package io.kontor.simulator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A clearing house and a carrier in this process, over HTTP on the loopback address. Their state
 * lives until they are closed. Every request is idempotent by its reference.
 */
public final class CounterpartySimulator implements AutoCloseable {
  private static final int BACKLOG = 1024;

  static {
    // Without it, every second response on a kept-alive connection waits 40 ms for the TCP ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final FaultRules faults;
  private final ClearingNotificationSender notifier = new ClearingNotificationSender();
  private final ClearingHouseSimulator clearing;
  private final CarrierSimulator carrier;

  private CounterpartySimulator(SimulatorSettings settings) throws IOException {
    faults = new FaultRules(settings.seed());
    clearing = new ClearingHouseSimulator(settings, faults, notifier);
    carrier = new CarrierSimulator(faults);
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), BACKLOG);
    server.setExecutor(threads);
    var handler = new SimulatorHttpHandler(settings, faults);
    server.createContext("/clearing/payments/", handler.serving(clearing::answer));
    server.createContext("/carrier/shipments/", handler.serving(carrier::answer));
    server.createContext("/faults", handler.serving(new FaultRulesHandler(faults)::answer));
    server.start();
  }

  public static CounterpartySimulator start(SimulatorSettings settings) {
    try {
      return new CounterpartySimulator(settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The clearing house's base URI; its paths start with {@code /payments}. */
  public URI clearing() {
    return at("/clearing");
  }

  /** The carrier's base URI; its paths start with {@code /shipments}. */
  public URI carrier() {
    return at("/carrier");
  }

  /** The URI at which {@link #faults} can be read and set. */
  public URI switches() {
    return at("/faults");
  }

  public FaultRules faults() {
    return faults;
  }

  /**
   * Sends notifications to the bank at this address, including those that are pending. Tokens come
   * from its {@code /dev/token}. Without an address, notifications wait.
   */
  public void notify(@Nullable URI bank) {
    notifier.bank(bank);
  }

  /** The number of notifications that the bank has not acknowledged. */
  public int unsentNotifications() {
    return notifier.unsentNotifications();
  }

  /** The state of every payment that was accepted or refused, by reference. */
  public Map<String, String> payments() {
    return clearing.states();
  }

  /** The state of every shipment, by reference. */
  public Map<String, String> shipments() {
    return carrier.states();
  }

  @Override
  public void close() {
    server.stop(0);
    clearing.close();
    notifier.close();
    threads.shutdownNow();
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }
}
