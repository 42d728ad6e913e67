package io.kontor.command.http;

import io.kontor.api.Rejection;
import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.order.OrderId;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.Uuids;
import java.util.UUID;

/** Parses ids from paths. A malformed id gets the same response as an unknown one. */
public final class PathIds {
  private PathIds() {}

  /** The current tenant's account with this id. */
  public static AccountId account(String id) {
    return new AccountId(TenantContext.current(), uuid(id, "account"));
  }

  public static UUID hold(String id) {
    return uuid(id, "hold");
  }

  /** The current tenant's order with this id. */
  public static OrderId order(String id) {
    return new OrderId(TenantContext.current(), uuid(id, "order"));
  }

  /** The current tenant's payment with this id. */
  public static PaymentId payment(String id) {
    return new PaymentId(TenantContext.current(), uuid(id, "payment"));
  }

  /** The current tenant's standing order with this id. */
  public static StandingOrderId standingOrder(String id) {
    return new StandingOrderId(TenantContext.current(), uuid(id, "standing order"));
  }

  /** The current tenant's item of this SKU. */
  public static InventoryItemId item(String sku) {
    if (!Sku.isSku(sku)) {
      throw RejectionProblems.problem(new Rejection.Unknown("product"));
    }
    return InventoryItemId.of(TenantContext.current(), new Sku(sku));
  }

  private static UUID uuid(String id, String what) {
    if (!Uuids.isUuid(id)) {
      throw RejectionProblems.problem(new Rejection.Unknown(what));
    }
    return Uuids.parse(id);
  }
}
