package io.kontor.gateway.proxy;

import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of requests' bodies may be in memory at the same time. Clients may send theirs as
 * slowly as they like, and what has come of it is kept meanwhile.
 */
final class BodyBudget {
  private static final int PART = 16_384;

  private final AtomicLong left;

  BodyBudget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** A part of the budget for one request, until it is closed. */
  Share share() {
    return new Share();
  }

  /** What one request takes. */
  final class Share implements AutoCloseable {
    private long taken;

    /**
     * The whole body.
     *
     * @throws ProblemException when it is not complete, or no more bytes may be in memory (503)
     */
    byte[] read(HttpServletRequest http) {
      try {
        return read(http.getInputStream(), http.getContentLengthLong());
      } catch (IOException incomplete) {
        throw ProblemException.invalid("", "the body is not complete");
      }
    }

    /** Takes each part before it is read, since the memory for it is there while it comes. */
    private byte[] read(InputStream body, long length) throws IOException {
      List<byte[]> parts = new ArrayList<>();
      long unread = length < 0 ? Long.MAX_VALUE : length;
      while (unread > 0) {
        int size = (int) Math.min(PART, unread);
        take(size);
        byte[] part = body.readNBytes(size);
        parts.add(part);
        if (part.length < size) {
          giveBack(size - part.length);
          break;
        }
        unread -= size;
      }
      ByteBuffer whole = ByteBuffer.allocate((int) taken);
      parts.forEach(whole::put);
      return whole.array();
    }

    private void take(int bytes) {
      if (left.getAndUpdate(free -> free >= bytes ? free - bytes : free) < bytes) {
        throw ProblemException.tryAgain(
            ProblemType.GATEWAY_BUSY,
            "the gateway has no memory for more bodies; the request was not executed");
      }
      taken += bytes;
    }

    private void giveBack(long bytes) {
      taken -= bytes;
      left.addAndGet(bytes);
    }

    @Override
    public void close() {
      giveBack(taken);
    }
  }
}
