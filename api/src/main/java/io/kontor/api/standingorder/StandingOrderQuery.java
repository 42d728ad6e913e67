package io.kontor.api.standingorder;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Queries for standing orders. With a {@code customer}, only that customer's are visible. */
public sealed interface StandingOrderQuery {

  /** Returns {@link StandingOrderDetails}, or nothing when it is unknown. */
  record FindStandingOrder(UUID order, @Nullable String customer) implements StandingOrderQuery {}

  /**
   * Returns a list of {@link StandingOrderDetails}, newest first.
   *
   * @param account that pays
   * @param before the last standing order of the previous page
   */
  record FindStandingOrders(
      @Nullable UUID account,
      @Nullable StandingOrderStatus status,
      @Nullable String customer,
      @Nullable UUID before,
      int limit)
      implements StandingOrderQuery {}
}
