package io.kontor.gateway.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body that fails and is closed when nothing of it comes for too long: a machine that is gone
 * ends no connection.
 */
final class SilenceLimitedStream extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(SilenceLimitedStream.class);

  private final InputStream body;
  private final Duration limit;
  private volatile boolean isSilent;

  /**
   * @param body can be closed while it is read
   */
  SilenceLimitedStream(InputStream body, Duration limit) {
    this.body = body;
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    var came = new CompletableFuture<Void>().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
    var _ =
        came.whenComplete(
            (_, late) -> {
              if (late != null) {
                endOfSilence();
              }
            });
    try {
      return body.read(to, offset, length);
    } catch (IOException closed) {
      throw isSilent ? new HttpTimeoutException("the node was silent for " + limit) : closed;
    } finally {
      came.complete(null);
    }
  }

  private void endOfSilence() {
    isSilent = true;
    try {
      body.close();
    } catch (IOException failure) {
      LOG.debug("answer closed", failure);
    }
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
