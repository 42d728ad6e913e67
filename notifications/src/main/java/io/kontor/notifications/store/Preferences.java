package io.kontor.notifications.store;

import io.kontor.notifications.rule.NotificationKind;
import java.util.List;

/**
 * What a user wants to be notified of, and how: kinds that are in neither list are listed and sent
 * over streams.
 *
 * @param muted the kinds that are not made for the user
 * @param listOnly the kinds that are listed, but not sent over streams
 */
public record Preferences(List<NotificationKind> muted, List<NotificationKind> listOnly) {
  /** Each kind once. */
  public Preferences {
    muted = muted.stream().distinct().toList();
    listOnly = listOnly.stream().distinct().toList();
  }
}
