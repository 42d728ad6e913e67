package io.kontor.projection.rebuild;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventPageReader.Page;
import io.kontor.projection.write.Projector.Folded;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

/** Reads pages of events and folds them, one page ahead of the one that is written. */
final class EventPrefetcher {
  private final EventPageReader events;
  private final Generation generation;
  private final @Nullable TenantId tenant;
  private final int batchSize;

  /**
   * A page of events, folded and ready to be written.
   *
   * @param upTo the position up to which the page is complete
   */
  record FoldedPage(long upTo, List<Folded> folded) {}

  /**
   * @param tenant whose events are read; all tenants' if null
   * @param batchSize positions per page
   */
  EventPrefetcher(
      EventPageReader events, Generation generation, @Nullable TenantId tenant, int batchSize) {
    this.events = events;
    this.generation = generation;
    this.tenant = tenant;
    this.batchSize = batchSize;
  }

  /** The pages after a position, of which the first is read from now on. */
  Pages pages(long after, long target) {
    return new Pages(after, target);
  }

  /** Reads one page on the caller's thread. */
  FoldedPage page(long after, long target) {
    return read(after, Math.min(target, after + batchSize));
  }

  /** Reads all events up to a position as one page. */
  FoldedPage read(long after, long upTo) {
    Page page = events.read(tenant, after, upTo);
    // getPayload deserializes the event: here in parallel, during the write of the previous page.
    page.events().parallelStream().filter(generation::concerns).forEach(EventMessage::getPayload);
    return new FoldedPage(page.upTo(), generation.fold(List.copyOf(page.events())));
  }

  /** Successive pages up to a position. */
  final class Pages {
    private final long target;
    private CompletableFuture<FoldedPage> ahead;

    private Pages(long after, long target) {
      this.target = target;
      this.ahead = readAhead(after);
    }

    /** Waits for the next page and begins to read the one after it. */
    FoldedPage next() {
      FoldedPage page = join(ahead);
      if (page.upTo() < target) {
        ahead = readAhead(page.upTo());
      }
      return page;
    }

    private CompletableFuture<FoldedPage> readAhead(long after) {
      return CompletableFuture.supplyAsync(() -> page(after, target), Thread::startVirtualThread);
    }
  }

  private static FoldedPage join(CompletableFuture<FoldedPage> page) {
    try {
      return page.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof Error fatal) {
        throw fatal;
      }
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }
}
