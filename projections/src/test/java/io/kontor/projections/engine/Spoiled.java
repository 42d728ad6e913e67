package io.kontor.projections.engine;

import io.kontor.api.account.AccountEvent;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChanges;
import io.kontor.projections.account.AccountProjection;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.Table;

/** The accounts projection with an action at each event. */
record Spoiled(int version, Consumer<AccountEvent> spoiler) implements Projection<AccountEvent> {
  private static final AccountProjection ACCOUNTS = new AccountProjection();

  @Override
  public String name() {
    return ACCOUNTS.name();
  }

  @Override
  public Class<AccountEvent> events() {
    return ACCOUNTS.events();
  }

  @Override
  public List<Table<?>> tables() {
    return ACCOUNTS.tables();
  }

  @Override
  public void project(AccountEvent event, EventContext recorded, RowChanges changes) {
    ACCOUNTS.project(event, recorded, changes);
    spoiler.accept(event);
  }
}
