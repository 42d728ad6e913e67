package io.kontor.lock;

import io.kontor.lock.LeaseHistory.Recorder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Threads of one process that contend for a resource until they are stopped. */
final class Contenders {
  static final String RESOURCE = "contended";

  /** One section in so many is longer than the TTL, and needs the watchdog. */
  private static final int LONG_SECTIONS = 25;

  private final LeaseLock lock;
  private final Duration ttl;
  private final Recorder recorder;
  private final Write write;
  private volatile boolean stopped;

  /** What a holder writes under its lease. */
  interface Write {
    /**
     * @throws LeaseLostException when it is refused
     */
    void under(Lease lease) throws Exception;
  }

  Contenders(LeaseLock lock, Duration ttl, Recorder recorder, Write write) {
    this.lock = lock;
    this.ttl = ttl;
    this.recorder = recorder;
    this.write = write;
  }

  /**
   * Returns when standard input ends.
   *
   * @param process name of this process in the history
   */
  void run(String process, int count, long seed) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < count; n++) {
        String name = process + "-" + n;
        var random = new Random(seed + n);
        var _ =
            threads.submit(
                () -> {
                  while (!stopped) {
                    contend(name, random);
                  }
                  return null;
                });
      }
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // waits for the end
      }
      stopped = true;
    }
  }

  private void contend(String name, Random random) {
    try {
      var acquired = lock.tryAcquire(RESOURCE, ttl, ttl);
      if (acquired.isPresent()) {
        hold(acquired.get(), name, random);
      }
    } catch (LeaseLostException late) {
      System.out.println("refused");
    } catch (LockUnavailableException | SQLException unreachable) {
      System.out.println("unreachable");
    } catch (Exception unexpected) {
      System.out.println("failed " + unexpected);
    }
  }

  private void hold(Lease lease, String name, Random random) throws Exception {
    try (lease) {
      lease.keepAlive();
      if (!recorder.entered(name, lease)) {
        return;
      }
      try {
        boolean isLong = random.nextInt(LONG_SECTIONS) == 0;
        TimeUnit.MILLISECONDS.sleep(isLong ? ttl.toMillis() * 3 / 2 : random.nextInt(40));
        write.under(lease);
      } finally {
        recorder.left(lease);
      }
    }
  }
}
