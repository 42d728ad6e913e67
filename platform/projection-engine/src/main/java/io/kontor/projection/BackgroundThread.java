package io.kontor.projection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A daemon thread for work that goes on until the thread is interrupted. */
public final class BackgroundThread {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final String name;
  private final Runnable work;
  private @Nullable Thread thread;

  /**
   * @param name of the thread
   * @param work ends when its thread is interrupted
   */
  public BackgroundThread(String name, Runnable work) {
    this.name = name;
    this.work = work;
  }

  public void start() {
    thread = Thread.ofPlatform().name(name).daemon().start(work);
  }

  /** Interrupts the work, if it was started, and waits some seconds for its end. */
  public void stop() {
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join(STOP_TIMEOUT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
