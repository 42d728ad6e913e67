package io.kontor.projections.endofday;

import static io.kontor.projections.tables.Tables.BANK_DAY;

import io.kontor.api.endofday.BankDayEvent;
import io.kontor.api.endofday.BankDayEvent.BankDayClosed;
import io.kontor.api.endofday.BankDayEvent.BankDayOpened;
import io.kontor.api.endofday.BankDayEvent.EndOfDayRequested;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChanges;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jooq.Table;

/** One row per bank day; the open one has no time at which it was closed. */
public final class BankDayProjection implements Projection<BankDayEvent> {
  /** The projection's name. */
  public static final String NAME = "bank-days";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<BankDayEvent> events() {
    return BankDayEvent.class;
  }

  @Override
  public List<Table<?>> tables() {
    return List.of(BANK_DAY);
  }

  @Override
  public void project(BankDayEvent event, EventContext recorded, RowChanges changes) {
    switch (event) {
      case BankDayOpened opened -> open(opened.day(), opened.zone(), opened.endsAt(), changes);
      case BankDayClosed closed -> {
        changes
            .update(BANK_DAY, closed.day())
            .set(BANK_DAY.CLOSED_AT, recorded.recordedAt())
            .set(BANK_DAY.ACCOUNTS, closed.figures().accounts())
            .set(BANK_DAY.BOOKED, closed.figures().booked())
            .set(BANK_DAY.OWED, closed.figures().owed());
        open(closed.next(), closed.zone(), closed.nextEndsAt(), changes);
      }
      case EndOfDayRequested _ -> {
        // changes nothing that is read
      }
    }
  }

  private static void open(LocalDate day, String zone, Instant endsAt, RowChanges changes) {
    changes.insert(BANK_DAY, day).set(BANK_DAY.ZONE, zone).set(BANK_DAY.ENDS_AT, endsAt);
  }
}
