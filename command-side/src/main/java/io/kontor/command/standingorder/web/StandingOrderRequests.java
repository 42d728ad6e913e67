package io.kontor.command.standingorder.web;

import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import io.kontor.api.payment.Creditor;
import io.kontor.api.standingorder.Schedule;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The requests of the standing order calls, and the answer of a preview. */
final class StandingOrderRequests {
  private StandingOrderRequests() {}

  /**
   * @param to an account of this bank; either this or {@code creditor}
   */
  @Schema(
      name = "CreateStandingOrder",
      example =
          """
          {"from":"01900000-0000-7000-8000-00000000000a","to":"01900000-0000-7000-8000-00000000000b",
           "amount":{"amount":"850.00","currency":"EUR"},"reference":"rent",
           "schedule":{"first":"2099-01-31","rhythm":"MONTHLY","dayOfMonth":31,
            "businessDayRule":"MODIFIED_FOLLOWING","calendar":"TARGET"}}
          """)
  record Creation(
      UUID from,
      @Nullable UUID to,
      @Nullable Creditor creditor,
      Money amount,
      String reference,
      Schedule schedule) {
    Creation {
      Validation.that(
          (to == null) != (creditor == null), "to: either this or creditor must be given");
      Validation.amount("amount", amount);
      Validation.reference(reference);
    }
  }

  /** The next executions that a standing order would have, ten at most. */
  @Schema(name = "StandingOrderPreview")
  record Preview(List<PlannedDay> executions) {}

  /**
   * @param dueDate by the schedule
   * @param valueDate the business day on which it is executed
   */
  @Schema(name = "PlannedDay")
  record PlannedDay(LocalDate dueDate, LocalDate valueDate) {}
}
