package io.kontor.notifications.store;

import java.util.List;

/**
 * What a reader has not seen, page by page: first the unread ones that were there when it began,
 * then all that come.
 */
public final class UnseenNotifications {
  private final Inbox inbox;
  private final String subject;

  /** The number of the last one that the reader has. */
  private long seen;

  /** Up to this number only unread ones are meant. */
  private final long unreadUpTo;

  UnseenNotifications(Inbox inbox, String subject, long seen, long unreadUpTo) {
    this.inbox = inbox;
    this.subject = subject;
    this.seen = seen;
    this.unreadUpTo = unreadUpTo;
  }

  /**
   * Some of them.
   *
   * @param notifications those that the user wants to be sent, oldest first
   * @param isLast whether there are no others now
   */
  public record Batch(List<Notification> notifications, boolean isLast) {}

  /**
   * Reads on.
   *
   * @param limit how many are read at most, those included that the user wants to be listed only
   */
  public Batch next(int limit) {
    List<NumberedNotification> page = inbox.after(subject, seen, unreadUpTo, limit);
    if (!page.isEmpty()) {
      seen = page.getLast().number();
    }
    return new Batch(
        page.stream()
            .filter(NumberedNotification::live)
            .map(NumberedNotification::notification)
            .toList(),
        page.size() < limit);
  }
}
