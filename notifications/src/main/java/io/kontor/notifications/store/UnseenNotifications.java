package io.kontor.notifications.store;

import java.util.List;
import java.util.UUID;

/**
 * What a reader has not seen, page by page: first the unread ones that were there when it began,
 * then all that come.
 */
public final class UnseenNotifications {
  private final Inbox inbox;
  private final String subject;

  /** The number of the last one that the reader has. */
  private long seen;

  private UUID last;

  /** Up to this number only unread ones are meant. */
  private final long unreadUpTo;

  UnseenNotifications(Inbox inbox, String subject, long seen, UUID last, long unreadUpTo) {
    this.inbox = inbox;
    this.subject = subject;
    this.seen = seen;
    this.last = last;
    this.unreadUpTo = unreadUpTo;
  }

  /**
   * Some of them.
   *
   * @param notifications those that the user wants to be sent, oldest first
   * @param isLast whether there are no others now
   */
  public record Batch(List<Notification> notifications, boolean isLast) {}

  /** The id of the last one that the reader has; {@link Inbox#BEGINNING} before the first. */
  public UUID last() {
    return last;
  }

  /**
   * Reads on.
   *
   * @param limit how many are read at most, those included that the user wants to be listed only
   */
  public Batch next(int limit) {
    List<NumberedNotification> page = inbox.after(subject, seen, unreadUpTo, limit);
    if (!page.isEmpty()) {
      seen = page.getLast().number();
      last = page.getLast().notification().id();
    }
    return new Batch(
        page.stream()
            .filter(NumberedNotification::live)
            .map(NumberedNotification::notification)
            .toList(),
        page.size() < limit);
  }
}
