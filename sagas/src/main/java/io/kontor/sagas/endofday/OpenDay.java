package io.kontor.sagas.endofday;

import io.kontor.api.endofday.EndOfDayFigures;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's open bank day, and how far its end is.
 *
 * @param endsAt when it is over
 * @param lastAccount up to which the step is done; null for none
 */
record OpenDay(
    LocalDate day,
    Instant endsAt,
    EndOfDayStep step,
    @Nullable UUID lastAccount,
    EndOfDayFigures figures) {

  boolean isLastOfMonth() {
    return day.getDayOfMonth() == day.lengthOfMonth();
  }
}
