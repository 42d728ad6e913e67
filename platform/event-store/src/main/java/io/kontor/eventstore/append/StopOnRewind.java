package io.kontor.eventstore.append;

import io.kontor.eventstore.event.WriterStatus;
import io.kontor.eventstore.subscription.EventFeed;
import java.util.function.Consumer;

/** Stops this node's writer and the readers of its feed when the database has been rewound. */
public record StopOnRewind(CommitQueue queue, EventFeed feed, WriterStatus status)
    implements Consumer<String> {
  @Override
  public void accept(String reason) {
    status.stopped(reason);
    queue.close(reason);
    feed.fail(reason);
  }
}
