package io.kontor.api;

import static java.util.Map.entry;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.person.DataSubjectForgotten;
import java.util.Map;

/**
 * The names under which events are stored. A name outlives the Java class it stands for today:
 * rename the class, never the name.
 */
public final class EventCatalogue {
  private static final Map<String, Class<?>> BY_NAME =
      Map.ofEntries(
          entry("account-opened", AccountEvent.AccountOpened.class),
          entry("money-deposited", AccountEvent.MoneyDeposited.class),
          entry("money-withdrawn", AccountEvent.MoneyWithdrawn.class),
          entry("hold-placed", AccountEvent.HoldPlaced.class),
          entry("hold-captured", AccountEvent.HoldCaptured.class),
          entry("hold-released", AccountEvent.HoldReleased.class),
          entry("account-frozen", AccountEvent.AccountFrozen.class),
          entry("account-unfrozen", AccountEvent.AccountUnfrozen.class),
          entry("overdraft-limit-changed", AccountEvent.OverdraftLimitChanged.class),
          entry("account-closed", AccountEvent.AccountClosed.class),
          entry("transfer-sent", AccountEvent.TransferSent.class),
          entry("transfer-received", AccountEvent.TransferReceived.class),
          entry("data-subject-forgotten", DataSubjectForgotten.class));

  private EventCatalogue() {}

  /** Every event's class by its stored name. */
  public static Map<String, Class<?>> byName() {
    return BY_NAME;
  }
}
