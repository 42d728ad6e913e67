package io.kontor.app.messaging;

import io.kontor.notifications.NotificationProcessor;
import io.kontor.sagas.ProcessesConfiguration;
import java.util.List;
import java.util.stream.Stream;

/** The event processors that act upon new events only, not upon those copied from another store. */
public final class NewEventProcessors {
  public static final List<String> NAMES =
      Stream.concat(
              ProcessesConfiguration.PROCESSES.stream(), Stream.of(NotificationProcessor.PROCESSOR))
          .toList();

  private NewEventProcessors() {}
}
