package io.kontor.command.web;

import io.kontor.api.Rejection;
import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.ItemId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.order.OrderId;
import io.kontor.api.payment.PaymentId;
import io.kontor.tenancy.Tenancy;
import io.kontor.tenancy.Uuids;
import java.util.UUID;

/** Reads ids from paths. One that can't exist is answered like one that doesn't. */
final class Paths {
  private Paths() {}

  /** The current tenant's account with this id. */
  static AccountId account(String id) {
    return new AccountId(Tenancy.current(), uuid(id, "account"));
  }

  static UUID hold(String id) {
    return uuid(id, "hold");
  }

  /** The current tenant's order with this id. */
  static OrderId order(String id) {
    return new OrderId(Tenancy.current(), uuid(id, "order"));
  }

  /** The current tenant's payment with this id. */
  static PaymentId payment(String id) {
    return new PaymentId(Tenancy.current(), uuid(id, "payment"));
  }

  /** The current tenant's item of this SKU. */
  static ItemId item(String sku) {
    if (!Sku.isSku(sku)) {
      throw Refusals.problem(new Rejection.Unknown("product"));
    }
    return ItemId.of(Tenancy.current(), new Sku(sku));
  }

  private static UUID uuid(String id, String what) {
    if (!Uuids.isUuid(id)) {
      throw Refusals.problem(new Rejection.Unknown(what));
    }
    return Uuids.parse(id);
  }
}
