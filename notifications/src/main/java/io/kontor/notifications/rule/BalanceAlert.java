package io.kontor.notifications.rule;

import io.kontor.api.money.Money;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * At which balances of an account its customer wants to be notified. The booking that crosses one
 * notifies, none of those after it.
 *
 * @param below when the balance falls below it; null for never
 * @param above when the balance rises above it; null for never
 */
public record BalanceAlert(@Nullable Money below, @Nullable Money above) {

  /** The thresholds that a booking has crossed; none if the draft is not about one. */
  public List<Draft> crossedBy(Draft booking) {
    NotificationData data = booking.data();
    Money after = data.balance();
    Money before = before(booking);
    if (after == null || before == null) {
      return List.of();
    }
    List<Draft> crossed = new ArrayList<>();
    if (below != null && below.isMoreThan(after) && !below.isMoreThan(before)) {
      crossed.add(
          new Draft(
              NotificationKind.BALANCE_BELOW,
              NotificationData.crossed(data.account(), after, below)));
    }
    if (above != null && after.isMoreThan(above) && !before.isMoreThan(above)) {
      crossed.add(
          new Draft(
              NotificationKind.BALANCE_ABOVE,
              NotificationData.crossed(data.account(), after, above)));
    }
    return crossed;
  }

  /** The balance before the booking. */
  private static @Nullable Money before(Draft booking) {
    Money amount = booking.data().amount();
    Money after = booking.data().balance();
    if (amount == null || after == null) {
      return null;
    }
    return booking.kind() == NotificationKind.MONEY_OUT ? after.plus(amount) : after.minus(amount);
  }
}
