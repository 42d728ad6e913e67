package io.kontor.notifications.store;

import io.kontor.tenancy.TenantId;
import java.util.Set;

/** Says to all nodes which users have new notifications, once these are committed. */
public interface UserSignals {
  /** Users of a tenant, whose notifications were written in the caller's transaction. */
  void send(TenantId tenant, Set<String> subjects);
}
