package io.kontor.command.transfer.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import io.kontor.api.transfer.TransferMoney;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The requests of the transfer calls, and the results of bulk transfers. */
final class TransferRequests {
  static final int MOST_TRANSFERS = 1_000;

  private TransferRequests() {}

  @Schema(
      name = "TransferRequest",
      example =
          """
          {"from":"01900000-0000-7000-8000-00000000000a","to":"01900000-0000-7000-8000-00000000000b",
           "amount":{"amount":"12.50","currency":"EUR"},"reference":"rent"}
          """)
  record Single(UUID from, UUID to, Money amount, String reference) {
    Single {
      Validation.positive("amount", amount);
      Validation.reference(reference);
    }
  }

  @Schema(
      name = "BulkTransferRequest",
      example =
          """
          {"transfers":[{"from":"01900000-0000-7000-8000-00000000000a",
           "to":"01900000-0000-7000-8000-00000000000b",
           "amount":{"amount":"12.50","currency":"EUR"},"reference":"rent"}]}
          """)
  record Bulk(List<Item> transfers) {
    Bulk {
      Validation.that(
          transfers.size() <= MOST_TRANSFERS,
          "transfers: must be at most %d".formatted(MOST_TRANSFERS));
      Validation.that(
          transfers.stream().noneMatch(Objects::isNull), "transfers: must not contain null");
    }
  }

  /**
   * @param idempotencyKey the item's key; derived from the bulk's key and the item's index, when
   *     null
   */
  @Schema(name = "BulkTransferItem")
  record Item(@Nullable String idempotencyKey, UUID from, UUID to, Money amount, String reference) {
    Item {
      Validation.that(
          idempotencyKey == null || IdempotencyKeyFormat.isKey(idempotencyKey),
          "idempotencyKey: must be 1 to 255 printable ASCII characters");
      Validation.positive("amount", amount);
      Validation.reference(reference);
    }

    Single alone() {
      return new Single(from, to, amount, reference);
    }
  }

  /** One result for each transfer, in order. */
  @Schema(name = "BulkTransferAnswer")
  record BulkAnswer(List<Result> results) implements CommandDispatcher.Composite {
    /** Bookings and rejections are settled; failures may be retried. */
    @Override
    public boolean settled() {
      return results.stream().noneMatch(Result::mayBeRetried);
    }
  }

  /** A transfer's result or problem, with the status that it would have on its own. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "BulkTransferResult")
  record Result(
      int status,
      @Nullable UUID id,
      @Nullable UUID entryId,
      @Nullable Long fromVersion,
      @Nullable Long toVersion,
      @Nullable String type,
      @Nullable String title,
      @Nullable String detail) {

    static Result of(TransferMoney.Booked booked) {
      return new Result(
          201,
          booked.id(),
          booked.entryId(),
          booked.fromVersion(),
          booked.toVersion(),
          null,
          null,
          null);
    }

    static Result of(ProblemException problem) {
      return new Result(
          problem.status().value(),
          null,
          null,
          null,
          null,
          problem.type(),
          problem.title(),
          problem.detail());
    }

    private boolean mayBeRetried() {
      return status == 409 || status >= 500;
    }
  }
}
