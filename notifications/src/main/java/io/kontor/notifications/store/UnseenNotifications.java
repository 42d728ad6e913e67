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

  /** The next ones, oldest first; none if there are none now. */
  public List<NumberedNotification> next(int limit) {
    List<NumberedNotification> page = inbox.after(subject, seen, unreadUpTo, limit);
    if (!page.isEmpty()) {
      seen = page.getLast().number();
    }
    return page;
  }
}
